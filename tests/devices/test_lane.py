from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from broadcaster.devices import lane
from broadcaster.devices.lane import PortOwner, Ports, Question
from broadcaster.devices.port import SerialPort
from broadcaster.errors import BadReplyError, NoReplyError, PortError
from broadcaster.words import Sentence


def loop() -> SerialPort:
    return SerialPort("loop://", 9600)


def test_the_urgent_one_waits_for_no_more_than_what_is_under_way() -> None:
    owner, go, done = PortOwner(loop()), threading.Event(), list[str]()
    begun = threading.Event()

    def first(_: SerialPort) -> None:
        begun.set()
        assert go.wait(10)
        done.append("first")

    def then(name: str) -> Callable[[SerialPort], None]:
        return lambda _: done.append(name)

    futures = [owner.submit(first)]
    assert begun.wait(10)
    futures += [owner.submit(then("second")), owner.submit(then("third"))]
    futures.append(owner.submit(then("urgent"), urgent=True))
    go.set()
    for future in futures:
        future.result(10)
    owner.close()
    assert done == ["first", "urgent", "second", "third"]


def test_a_line_that_hangs_is_told_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lane, "_HANGS_AFTER_S", 0.05)
    owner, go = PortOwner(loop()), threading.Event()
    with pytest.raises(NoReplyError, match="hangs"):
        owner.ask(lambda _: go.wait(10))
    go.set()
    owner.close()


def test_an_error_reaches_the_asker_and_the_owner_outlives_it() -> None:
    owner = PortOwner(loop())

    def fail(_: SerialPort) -> None:
        raise PortError(Sentence("pulled out"))

    with pytest.raises(PortError):
        owner.ask(fail)
    assert owner.ask(lambda port: port.name) == "loop://"
    owner.close()


def test_noise_is_worth_a_second_try_but_not_where_it_is_urgent() -> None:
    owner, tries = PortOwner(loop()), list[int]()

    def noisy(_: SerialPort) -> int:
        tries.append(1)
        if len(tries) % 2:
            raise BadReplyError(Sentence("noise"))
        return len(tries)

    assert owner.ask(noisy) == 2
    with pytest.raises(BadReplyError):
        owner.ask(noisy, urgent=True)
    owner.close()


def test_a_chore_is_done_whenever_nothing_waits_and_its_failure_is_its_own() -> None:
    owner, turns = PortOwner(loop()), threading.Semaphore(0)

    def chore(_: SerialPort) -> None:
        turns.release()
        raise PortError(Sentence("pulled out"))

    owner.whenever_idle(0.005, chore)
    assert all(turns.acquire(timeout=5) for _ in range(3))
    owner.close()


def test_one_owner_a_port() -> None:
    ports = Ports()
    assert ports.owner("a", loop) is ports.owner("a", loop)
    assert ports.owner("a", loop) is not ports.owner("b", loop)
    ports.close()


def test_a_question_may_take_its_own_time() -> None:
    port = loop()
    question = Question(b"hello", lambda reply: reply == b"hello", lambda reply, _: reply, within_s=1.0)
    assert question.ask(port) == b"hello"
    assert Question(b"!", None, lambda *_: "sent").ask(port) == "sent"
    port.close()
