from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from broadcaster.devices.lane import PortOwner
from broadcaster.errors import NoReplyError, PortError
from broadcaster.words import Sentence


class Line:
    """A line whose exchanges wait until they are let go."""

    name = "test"

    def __init__(self) -> None:
        self.go = threading.Event()
        self.done: list[bytes] = []

    def exchange(self, request: bytes, _: Callable[[bytes], bool]) -> bytes:
        assert self.go.wait(10)
        if request == b"bad":
            raise PortError(Sentence("pulled out"))
        self.done.append(request)
        return request

    def close(self) -> None:
        self.done.append(b"closed")


def ask(owner: PortOwner, request: bytes, *, urgent: bool = False) -> threading.Thread:
    thread = threading.Thread(target=lambda: owner.exchange(request, bool, urgent=urgent, within_s=10))
    thread.start()
    return thread


def test_the_urgent_one_waits_for_no_more_than_what_is_under_way() -> None:
    line = Line()
    owner = PortOwner(line)
    threads = [ask(owner, b"first")]
    while not owner._work.empty():
        pass
    threads += [ask(owner, b"second"), ask(owner, b"third")]
    while owner._work.qsize() < 2:
        pass
    threads.append(ask(owner, b"urgent", urgent=True))
    while owner._work.qsize() < 3:
        pass
    line.go.set()
    for thread in threads:
        thread.join(10)
    owner.close()
    assert line.done[:2] == [b"first", b"urgent"]
    assert line.done[-1] == b"closed"


def test_a_line_that_hangs_is_told_in_time() -> None:
    line = Line()
    owner = PortOwner(line)
    with pytest.raises(NoReplyError, match="hangs"):
        owner.exchange(b"x", bool, within_s=0.05)
    line.go.set()
    owner.close()


def test_an_error_reaches_the_asker_and_the_owner_outlives_it() -> None:
    line = Line()
    line.go.set()
    owner = PortOwner(line)
    with pytest.raises(PortError):
        owner.exchange(b"bad", bool)
    assert owner.exchange(b"good", bool) == b"good"
    owner.close()
