"""The monitor as a whole, on a clock that is turned by hand. ``off_air_table`` tries five hundred broadcasts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from broadcaster.daemon.board import Board
from broadcaster.daemon.bus import Bus
from broadcaster.daemon.journal import Journal
from broadcaster.daemon.no_monitor import NoMonitor
from broadcaster.model.broadcast import State
from broadcaster.model.pcm import RATE, SILENCE
from broadcaster.model.sirens import NAMED
from broadcaster.playout.events import BroadcastHeard, BroadcastMoved, Event
from broadcaster.sound.signals import patterned
from broadcaster.words import Sentence
from tests.clock import HandClock
from tests.daemon.listener import SETTINGS, Room, air, broadcast, last, sent_of
from tests.daemon.off_air_table import CASES, carried
from tests.people import ground_at
from tests.sound.off_air.channel import Path as Way
from tests.sound.off_air.programmes import Sound, framed, music, sound_of, speech

WAY = Way(20)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def hiss(seconds: float) -> Sound:
    return WAY.heard(np.zeros(int(seconds * RATE)), np.zeros(int(seconds * RATE), np.bool_))


def stranger(seconds: float) -> Sound:
    return WAY.heard(music(9, int(seconds * RATE)), np.ones(int(seconds * RATE), np.bool_))


@pytest.mark.parametrize("snr_db", [0, 40])
@pytest.mark.parametrize("case", CASES)
def test_the_verdict_on_a_broadcast(case: str, snr_db: float, room: Room) -> None:
    sent, _, _ = sent_of(framed(1))
    air(room, broadcast(), sent, carried(case, 1, sent), Way.chosen(snr_db, 1))
    assert last(room) == CASES[case]
    assert ("not heard" in room.faults) is (CASES[case] == "not_heard")
    assert room.alarm_s is None or room.alarm_s <= (10 if case == "no carrier" else 12)
    assert [path.name for path in room.folder.glob("*.wav")] == [f"{broadcast().id}.heard.wav"]


@pytest.mark.parametrize(
    ("carried", "verdict", "told"), [("as sent", "doubtful", False), ("nothing", "not_heard", True)]
)
def test_a_steady_siren_is_nobody_elses_programme(carried: str, verdict: str, told: bool, room: Room) -> None:
    steady = sound_of(patterned(NAMED["steady"], 40))
    air(room, broadcast(), steady, steady if carried == "as sent" else None, WAY)
    assert last(room) == verdict
    assert ("not heard" in room.faults) is told


def test_heard_for_a_part_of_the_time_is_doubtful(room: Room) -> None:
    sent, _, _ = sent_of(framed(1))
    half = sent.copy()
    half[len(sent) // 2 :] = 0
    air(room, broadcast(), sent, half, WAY)
    assert last(room) == "doubtful"


@pytest.mark.parametrize("lost_s", [7, 12])
def test_what_raised_the_alarm_is_doubtful_however_long_the_rest(lost_s: int, room: Room) -> None:
    """A transmitter that fails for a moment in the middle of ninety seconds."""
    sent = np.tile(speech(1), 10)
    there = np.ones(len(sent), np.bool_)
    there[30 * RATE : (30 + lost_s) * RATE] = False
    room.key(False)
    room.pass_(hiss(2))
    room.key(True)
    room.move(broadcast(), State.ON_AIR)
    room.pass_(WAY.heard(sent, there), sent)
    room.key(False)
    room.move(broadcast(), State.COMPLETED)
    room.pass_(hiss(2))
    status = room.monitor.status()["last"]
    assert set(room.faults) == {"not heard"}
    assert (status["verdict"], status["evidence"]) == ("doubtful", None)
    assert "hiss" in str(Sentence.from_json(status["why"]))


def test_a_bulletin_whose_codes_did_not_come_through_is_doubtful(room: Room) -> None:
    """Everything sounds, but clusters whose code was garbled stayed closed."""
    sent, begin, _ = sent_of(framed(1))
    deaf = sent.copy()
    deaf[:begin] = 0
    air(room, broadcast(), sent, deaf, WAY)
    status = room.monitor.status()["last"]
    assert status["verdict"] == "doubtful"
    assert "*021#" in str(Sentence.from_json(status["why"]))


@pytest.mark.parametrize(("gain_db", "verdict"), [(0, "doubtful"), (-200, "no_monitor")])
def test_of_what_is_over_at_once_little_can_be_said(gain_db: float, verdict: str, room: Room) -> None:
    sent, _, _ = sent_of(framed(1))
    air(room, broadcast(), sent[: 2 * RATE], sent[: 2 * RATE], Way(20, gain_db=gain_db))
    assert last(room) == verdict
    assert "not heard" not in room.faults


def test_a_receiver_that_dies_on_the_way_has_not_heard_it_all(room: Room) -> None:
    sent = np.concatenate([sent_of(framed(1))[0]] * 2)
    heard = WAY.heard(sent, np.ones(len(sent), np.bool_))
    heard[len(sent) // 2 :] = 0
    room.key(True)
    room.move(broadcast(), State.ON_AIR)
    room.pass_(heard, sent)
    room.key(False)
    room.move(broadcast(), State.COMPLETED)
    room.pass_(hiss(2))
    assert last(room) == "doubtful"
    assert "not heard" not in room.faults


def test_only_what_is_heard_is_verified(room: Room) -> None:
    sent, _, _ = sent_of(framed(1))
    for carries, evidence in ((sent, "verified"), (None, None)):
        air(room, broadcast(), sent, carries, WAY)
        status = room.monitor.status()["last"]
        assert status["evidence"] == evidence


@pytest.mark.parametrize(("off", "verdict"), [(0.0, "doubtful"), (0.001, "doubtful"), (1.0, "heard")])
def test_what_never_hissed_may_be_no_receiver(off: float, verdict: str, room: Room) -> None:
    """A cable from our own output hears all that is sent, of a dead transmitter too; hiss proves, afterwards too."""
    sent = np.tile(speech(1), 2)
    room.key(False)
    room.key(True)
    room.move(broadcast(), State.ON_AIR)
    room.pass_(sent, sent)
    assert room.monitor.status()["evidence"] is None
    room.key(False)
    room.move(broadcast(), State.COMPLETED)
    room.pass_(off * hiss(4))
    status = room.monitor.status()["last"]
    assert status["verdict"] == verdict
    assert (status["why"] is None) is (verdict == "heard")
    assert not room.faults


@pytest.mark.parametrize("out", [True, False])
def test_a_dead_receiver_knows_nothing_and_says_so(out: bool, room: Room) -> None:
    sent, _, _ = sent_of(framed(1))
    room.pass_(hiss(2))
    room.jack.out = out
    air(room, broadcast(), sent, sent, Way(20, gain_db=-200))
    assert last(room) == "no_monitor"
    assert set(room.faults) == {"monitor"}
    assert room.monitor.status()["alive"] is False
    room.jack.out = False
    room.pass_(hiss(1))
    assert not room.faults
    assert room.monitor.status()["alive"] is True


def test_what_never_had_a_carrier_gets_no_verdict(room: Room) -> None:
    room.key(False)
    room.move(broadcast(), State.KEYING)
    room.move(broadcast(), State.FAILED)
    room.pass_(hiss(6))
    assert last(room) == "none"


def test_what_takes_the_carrier_over_is_judged_by_itself(room: Room) -> None:
    sent, _, _ = sent_of(framed(1))
    brought = WAY.heard(sent, np.ones(len(sent), np.bool_))
    room.key(False)
    room.pass_(hiss(2))
    room.key(True)
    room.move(broadcast(1), State.ON_AIR)
    room.pass_(brought, sent)
    room.move(broadcast(1), State.ABORTED)
    room.move(broadcast(2), State.ON_AIR)
    room.pass_(hiss(len(sent) / RATE), sent)
    assert room.monitor.status()["last"]["verdict"] == "heard"
    room.key(False)
    room.move(broadcast(2), State.COMPLETED)
    room.pass_(hiss(2))
    assert last(room) == "not_heard"


def test_a_strange_programme_is_noticed_within_15_s_and_clipped(room: Room) -> None:
    room.key(False)
    room.pass_(hiss(12))
    room.pass_(stranger(15))
    assert set(room.faults) == {"foreign programme"}
    (clip,) = room.folder.glob("foreign-*.wav")
    assert clip.stat().st_size > 8 * RATE * 2
    room.pass_(hiss(12))
    assert not room.faults


@pytest.mark.parametrize("quieted", [0.01, 0.1])
def test_a_carrier_that_stands_although_ours_is_off_is_told(quieted: float, room: Room) -> None:
    room.key(False)
    room.pass_(hiss(12))
    room.pass_(quieted * hiss(12))
    assert set(room.faults) == {"foreign carrier"}


def test_a_stranger_is_noticed_before_anything_of_ours_was_on_air(room: Room) -> None:
    """The carrier is dropped, first of all, before there is a monitor."""
    room.key(False)
    room.attach()
    room.pass_(hiss(2))
    room.pass_(stranger(15))
    assert set(room.faults) == {"foreign programme"}


def test_while_our_carrier_is_not_surely_off_nobody_is_a_stranger(room: Room) -> None:
    room.pass_(hiss(3))
    room.pass_(stranger(20))
    assert not room.faults


def test_a_monitor_that_hangs_takes_no_more(room: Room) -> None:
    """Nothing steps: what is handed in must neither wait nor fill the memory."""
    for _ in range(20_000):
        room.monitor.played(SILENCE)
    assert room.monitor._arrived.qsize() <= 5000


def test_a_monitor_that_breaks_says_so_and_the_station_goes_on(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.jack.take = lambda: 1 / 0  # type: ignore[method-assign, assignment, return-value]
    room.monitor.start()
    room.monitor._thread.join(10)
    assert "monitor" in room.faults
    waiting = room.monitor._arrived.qsize()
    room.monitor.played(SILENCE)
    room.monitor.told(BroadcastMoved(broadcast(), State.KEYING, 0.0))
    assert room.monitor._arrived.qsize() == waiting


def test_a_full_disk_is_told(room: Room) -> None:
    room.clips._folder = room.folder / "gone"
    sent, _, _ = sent_of(framed(1))
    air(room, broadcast(), sent, sent, WAY)
    assert set(room.faults) == {"monitor clip"}
    assert last(room) == "heard"


@pytest.mark.parametrize(("sounded_s", "said"), [(3.0, ["no_monitor"]), (0.0, []), (None, [])])
def test_without_a_monitor_nobody_knows(sounded_s: float | None, said: list[str], tmp_path: Path) -> None:
    clock, heard = HandClock(), list[Event]()
    bus = Bus(Board(SETTINGS), Journal(tmp_path / "log", clock, lambda: ground_at(0.0)), clock)
    nobody = NoMonitor(bus)

    def told(event: Event) -> None:
        heard.append(event)
        nobody.told(event)

    bus.attach_monitor(told)
    bus.emit(BroadcastMoved(broadcast(), State.COMPLETED, 1.0, sounded_s=sounded_s))
    assert [one.verdict for one in heard if isinstance(one, BroadcastHeard)] == said
    assert nobody.status()["now"] is None
