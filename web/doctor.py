"""What ``broadcaster check`` finds, asked as a command: this process can reach no driver."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from broadcaster.errors import ControlError
from broadcaster.home import Home
from broadcaster.words import Sentence

_WITHIN_S = 20


def findings(home: Home, language: str) -> list[dict[str, Any]]:
    """Return ``ok`` and ``sentence`` of each finding. Raises ``ControlError`` when the command gives none."""
    command = [sys.executable, "-m", "broadcaster", "check", "--json"]
    environment = {**os.environ, "BROADCASTER_HOME": str(home.path), "BROADCASTER_LANGUAGE": language}
    try:
        done = subprocess.run(command, capture_output=True, timeout=_WITHIN_S, env=environment, check=False)
        found = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise ControlError(Sentence("The devices cannot be looked at just now. Please try again.")) from error
    return list(found)
