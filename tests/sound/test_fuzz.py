"""Mutated files: each becomes a sound or is refused with a sentence; nothing else is left of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from broadcaster.errors import SoundError
from broadcaster.sound.library import Library
from tests.sound.fuzz import seeds
from tests.sound.mutants import mutant


def test_no_mutant_breaks_the_decoder_and_nothing_is_left_behind() -> None:
    """300 here; 20,000 with ``make fuzz``."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.sound.fuzz", "300"], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["ended"]["refused"] > 100


def test_the_parent_keeps_no_child_no_descriptor_and_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    folder.mkdir()
    library, whole, source = Library(folder), seeds(tmp_path), tmp_path / "mutant.bin"
    before = len(list(Path("/proc/self/fd").iterdir()))
    kept = set()
    for number in range(1000, 1020):
        source.write_bytes(mutant(whole, number))
        with suppress(SoundError):
            kept.add(library.ingest(source, title="x", longest_s=60).id)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    assert {path.stem for path in folder.iterdir()} == kept
