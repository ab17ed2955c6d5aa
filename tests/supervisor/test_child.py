from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from broadcaster import pidfile
from broadcaster.errors import RefusedError
from broadcaster.supervisor.child import Child


def ended(child: Child) -> int:
    while (status := child.ended()) is None:
        os.sched_yield()
    return status


def test_a_child_is_reaped_and_its_words_are_in_the_log(tmp_path: Path) -> None:
    child = Child(["--help"], tmp_path / "log", os.environ)
    child.start()
    assert ended(child) == 0
    assert "broadcaster" in (tmp_path / "log").read_text()
    assert child.pid is None


def test_who_ends_quickly_again_and_again_is_started_ever_later(tmp_path: Path) -> None:
    child = Child(["no-such-command"], tmp_path / "log", os.environ)
    pauses = []
    for _ in range(6):
        child.start()
        ended(child)
        pauses.append(child.pause_s)
    assert pauses == [0, 0, 0, 1, 2, 4]


def test_a_stopped_child_is_killed_all_the_same(tmp_path: Path) -> None:
    child = Child(["daemon", "--help"], tmp_path / "log", os.environ)
    child.start()
    assert child.pid is not None
    os.kill(child.pid, signal.SIGSTOP)
    child.kill()
    assert child.ended() == -signal.SIGKILL


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    child = Child(["--help"], tmp_path / "missing" / "log", os.environ)
    child.start()
    assert ended(child) == 0


def test_one_process_of_a_kind(tmp_path: Path) -> None:
    path = tmp_path / "x.pid"
    assert pidfile.holder(path) is None
    held = pidfile.PidFile(path)
    assert pidfile.holder(path) == os.getpid()
    with pytest.raises(RefusedError, match="running already"):
        pidfile.PidFile(path)
    held.close()
    assert pidfile.holder(path) is None


def test_the_lock_goes_with_its_process(tmp_path: Path) -> None:
    code = f"from broadcaster.pidfile import *; from pathlib import *; PidFile(Path({str(tmp_path / 'x.pid')!r}))"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert (tmp_path / "x.pid").read_text().strip().isdecimal()
    assert pidfile.holder(tmp_path / "x.pid") is None
