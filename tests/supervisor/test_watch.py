from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcaster.errors import PortError
from broadcaster.supervisor.child import Child
from broadcaster.supervisor.watch import DaemonWatch
from broadcaster.words import Sentence


@pytest.fixture
def lifeline() -> Iterator[int]:
    read, write = os.pipe()
    yield read
    os.close(read)
    os.close(write)


def test_a_daemon_that_ends_has_its_carrier_dropped_and_is_started_again(tmp_path: Path, lifeline: int) -> None:
    child, drops = Child(["--help"], tmp_path / "log", os.environ), []
    watch = DaemonWatch(child, lifeline, lambda: drops.append(child.pid))
    watch.start()
    first = child.pid
    while not drops:
        watch.look(0.05)
    assert drops == [None]  # reaped before the port is opened: a dead process still holds its lock until then
    while child.pid is None:
        watch.look(0.01)
    assert child.pid != first
    watch.end(5)


def test_a_daemon_that_is_told_to_end_has_its_carrier_dropped_all_the_same(tmp_path: Path, lifeline: int) -> None:
    child, drops = Child(["--help"], tmp_path / "log", os.environ), []
    watch = DaemonWatch(child, lifeline, lambda: drops.append(True))
    watch.start()
    assert child.pid is not None
    os.kill(child.pid, signal.SIGSTOP)
    watch.end(0.1)
    assert drops == [True]
    assert child.pid is None


def test_a_wire_that_comes_free_late_is_tried_again(tmp_path: Path, lifeline: int) -> None:
    tries: list[int] = []

    def drop() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise PortError(Sentence("in use"))

    DaemonWatch(Child([], tmp_path / "log", os.environ), lifeline, drop).unkey()
    assert len(tries) == 3


def test_a_wire_that_stays_dead_does_not_hold_up_the_next_daemon(tmp_path: Path, lifeline: int) -> None:
    def drop() -> None:
        raise PortError(Sentence("gone"))

    DaemonWatch(Child([], tmp_path / "log", os.environ), lifeline, drop).unkey()
