from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from broadcaster.clock import SystemClock
from broadcaster.config.settings import LiveSettings
from broadcaster.control import live_wire, messages
from broadcaster.daemon.live_door import LiveDoor
from broadcaster.errors import RefusedError
from broadcaster.model.broadcast import Broadcast, State
from broadcaster.playout.events import BroadcastMoved
from broadcaster.sockets import connect
from broadcaster.sound.talk import Talk
from broadcaster.words import Sentence

Speaks = Callable[..., "Speaker"]
ONE = Broadcast("one", "Tìm trẻ lạc", frozenset([3]))


@dataclass
class Desk:
    path: Path
    door: LiveDoor | None = None
    talks: list[Talk] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    refusal: Sentence | None = None
    breaks: bool = False
    ends_at_once: bool = False

    def start(self, _: messages.Message, talk: Talk, known: Callable[[Broadcast], None]) -> Broadcast:
        if self.refusal:
            raise RefusedError(self.refusal)
        if self.breaks:
            raise KeyError("title")
        self.talks.append(talk)
        known(ONE)
        if self.ends_at_once:
            assert self.door is not None
            self.door.ended(BroadcastMoved(ONE, State.REFUSED, 1.0, Sentence("The disk is full.")))
        return ONE


class Speaker:
    """A page's end of the line."""

    def __init__(self, path: Path, by: str = "Lan", minutes: float = 3, behind: bytes = b"") -> None:
        self.line = connect(path, 3)
        self.line.sendall(messages.encode({"by": by, "minutes": minutes}) + behind)
        self.news = self.line.makefile("rb")

    def close(self) -> None:
        self.news.close()
        self.line.close()

    def hears(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.news.readline())
        return told

    def hears_the_end(self) -> dict[str, Any]:
        while not (told := self.hears()).get("over"):
            pass
        return told


@pytest.fixture
def speaks() -> Iterator[Callable[..., Speaker]]:
    made: list[Speaker] = []

    def one(*arguments: Any, **more: Any) -> Speaker:
        made.append(Speaker(*arguments, **more))
        return made[-1]

    yield one
    for speaker in made:
        speaker.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    one = Desk(tmp_path / "live.sock")
    one.door = LiveDoor(
        one.path,
        LiveSettings(longest_min=5),
        start=one.start,
        withdraw=lambda name, _: one.withdrawn.append(name),
        clock=SystemClock(),
    )
    yield one
    one.door.close()


def test_sound_comes_in_and_the_end_is_a_proper_one(desk: Desk, speaks: Speaks) -> None:
    speaker = speaks(desk.path)
    assert speaker.hears() == {"ok": True, "id": "one"}
    (talk,) = desk.talks
    talk.begin()
    speaker.line.sendall(live_wire.sound(bytes(1920)) * 3)
    while talk.buffer.seconds < 0.06:
        speaker.hears()
    speaker.line.sendall(live_wire.end())
    assert speaker.hears_the_end()["reason"] is None


def test_sound_that_comes_with_the_question_is_sound(desk: Desk, speaks: Speaks) -> None:
    speaker = speaks(desk.path, behind=live_wire.sound(b"\n\x10" * 960))
    assert speaker.hears()["ok"]
    while desk.talks[0].level_dbfs < -30:
        speaker.hears()


def test_who_has_finished_before_it_began_does_not_have_it_sound_later(desk: Desk, speaks: Speaks) -> None:
    speaker = speaks(desk.path)
    speaker.hears()
    speaker.line.sendall(live_wire.end())
    speaker.hears_the_end()
    speaker.news.read()
    assert desk.withdrawn == ["one"]


def test_an_end_that_comes_before_the_yes_is_told(desk: Desk, speaks: Speaks) -> None:
    desk.ends_at_once = True
    assert speaks(desk.path).hears_the_end()["reason"]["text"] == "The disk is full."


def test_what_breaks_inside_refuses_one_speaker_and_not_the_next(desk: Desk, speaks: Speaks) -> None:
    desk.breaks = True
    assert "failed inside" in speaks(desk.path).hears()["error"]["text"]
    desk.breaks = False
    assert speaks(desk.path).hears()["ok"]


@pytest.mark.parametrize("minutes", [-1000, -float("inf"), float("inf"), float("nan")])
def test_a_length_that_is_none_is_refused(minutes: float, desk: Desk, speaks: Speaks) -> None:
    assert speaks(desk.path, minutes=minutes).hears()["ok"] is False
    assert desk.talks == []


def test_a_second_speaker_is_refused_by_name_and_the_next_one_is_not(desk: Desk, speaks: Speaks) -> None:
    first = speaks(desk.path)
    first.hears()
    refused = speaks(desk.path, by="Hoa").hears()
    assert refused["ok"] is False
    assert refused["error"]["values"] == {"by": "Lan"}
    first.line.sendall(live_wire.end())
    first.hears_the_end()
    first.news.read()
    assert speaks(desk.path, by="Hoa").hears()["ok"]


@pytest.mark.parametrize("how", ["hangs up", "nonsense"])
def test_a_line_that_breaks_ends_it_and_takes_back_what_has_not_begun(how: str, desk: Desk, speaks: Speaks) -> None:
    speaker = speaks(desk.path)
    speaker.hears()
    if how == "nonsense":
        speaker.line.sendall(b"GET / HTTP/1.1\r\n\r\n")
    else:
        speaker.line.shutdown(socket.SHUT_WR)
    assert "lost" in speaker.hears_the_end()["reason"]["text"]
    speaker.news.read()
    assert desk.withdrawn == ["one"]


def test_the_speaker_is_told_why_the_broadcast_ended(desk: Desk, speaks: Speaks) -> None:
    assert desk.door is not None
    speaker = speaks(desk.path)
    speaker.hears()
    desk.door.ended(BroadcastMoved(ONE, State.ON_AIR, 1.0))
    desk.door.ended(BroadcastMoved(Broadcast("other", "x", frozenset([1])), State.ABORTED, 1.0, Sentence("no")))
    assert not desk.talks[0].over.is_set()
    desk.door.ended(BroadcastMoved(ONE, State.ABORTED, 1.0, Sentence("Stopped by a person")))
    assert speaker.hears_the_end()["reason"]["text"] == "Stopped by a person"


def test_a_refusal_of_the_rules_is_passed_on(desk: Desk, speaks: Speaks) -> None:
    desk.refusal = Sentence("The rules forbid it.")
    assert speaks(desk.path).hears()["error"]["text"] == "The rules forbid it."


@pytest.mark.parametrize(("asked", "granted"), [(3, 3), (50, 5), (0, 5)])
def test_nobody_speaks_longer_than_the_station_allows(asked: float, granted: float, desk: Desk, speaks: Speaks) -> None:
    speaks(desk.path, minutes=asked).hears()
    assert desk.talks[0].limits.longest_min == granted
