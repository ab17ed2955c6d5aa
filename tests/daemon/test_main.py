from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("foreign", ["av", "pydub", "espeakng_loader", "flask"])
def test_the_daemon_loads_nothing_that_decodes_mixes_or_serves(foreign: str) -> None:
    """Untrusted input never meets it, and no heavy work holds its interpreter."""
    code = f"import sys, broadcaster.daemon.main; sys.exit({foreign!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
