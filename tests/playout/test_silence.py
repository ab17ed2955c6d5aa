from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from broadcaster.model.broadcast import Broadcast
from broadcaster.model.pcm import BLOCK, RATE
from broadcaster.playout.events import Event, FaultCleared, FaultRaised
from broadcaster.playout.programme import Item, Repeat
from broadcaster.playout.silence import SilenceRule, SilenceWatch
from broadcaster.sound.source import MemorySource
from tests.clock import HandClock
from tests.playout.rig import CLUSTER, carried
from tests.sound.sounds import tone

SECOND = RATE // BLOCK
USUAL = SilenceRule()
LOUD, FAINT = 3000, 100


def told(peaks: list[int], rule: SilenceRule = USUAL) -> tuple[list[Event], SilenceWatch]:
    """Return what is told of these blocks, while the clock goes on with them."""
    clock, events = HandClock(), list[Event]()
    watch = SilenceWatch(rule, events.append, clock)
    for peak in peaks:
        clock.pass_(BLOCK / RATE)
        watch.hear(peak, "Tin sáng")
    return events, watch


def test_five_seconds_without_sound_are_a_fault_in_words_until_sound_comes_back() -> None:
    events, _ = told([LOUD] * SECOND + [FAINT] * 7 * SECOND + [LOUD])
    raised, cleared = events
    assert isinstance(raised, FaultRaised)
    assert isinstance(cleared, FaultCleared)
    assert raised.sentence.to("vi") == "Đang có sóng nhưng 5 giây nay không có tiếng: “Tin sáng”."
    assert cleared.at - raised.at == pytest.approx(7.02)


def test_it_is_told_at_once_and_once() -> None:
    assert told([FAINT] * (5 * SECOND - 1))[0] == []
    assert len(told([FAINT] * 5 * SECOND)[0]) == 1
    assert len(told([FAINT] * 60 * SECOND)[0]) == 1


def test_a_programme_that_ends_silent_leaves_no_fault_behind() -> None:
    events, watch = told([FAINT] * 6 * SECOND)
    watch.end()
    watch.end()
    assert [type(one) for one in events] == [FaultRaised, FaultCleared]


@pytest.mark.parametrize(("dbfs", "peak", "silent"), [(-45, 184, True), (-45, 185, False), (-20, 3276, True)])
def test_what_counts_as_silence(dbfs: float, peak: int, silent: bool) -> None:
    assert bool(told([peak] * SECOND, SilenceRule(1, dbfs))[0]) == silent


@given(some.lists(some.tuples(some.booleans(), some.integers(1, 120)), max_size=30))
def test_a_fault_stands_just_when_the_last_blocks_were_all_silent(runs: list[tuple[bool, int]]) -> None:
    blocks = [LOUD if loud else FAINT for loud, count in runs for _ in range(count)]
    events, _ = told(blocks, SilenceRule(1))
    standing = sum(1 if isinstance(one, FaultRaised) else -1 for one in events)
    last = blocks[-SECOND:]
    assert standing == (len(last) == SECOND and set(last) == {FAINT})


def silences(path: Path, sound: bytes, **more: object) -> tuple[int, int]:
    """Return how often silence was told, and its end, while this was on air between 10 s of lead-in and tail."""
    item = Item(Broadcast("20270101-000000-abcdef", "Tin", CLUSTER), MemorySource(sound), **more)  # type: ignore[arg-type]
    told = carried(item, path, USUAL)
    return sum(isinstance(one, FaultRaised) for one in told), sum(isinstance(one, FaultCleared) for one in told)


HEARD, HOLE = tone(RATE), bytes(2 * 6 * RATE)


def test_a_hole_in_a_bulletin_is_a_fault_and_carrier_and_codes_around_it_are_none(tmp_path: Path) -> None:
    assert silences(tmp_path, HEARD + HOLE + HEARD + HOLE) == (2, 2)
    assert silences(tmp_path, HEARD) == (0, 0)


def test_a_pause_that_somebody_wanted_is_none(tmp_path: Path) -> None:
    assert silences(tmp_path, HEARD + HOLE + HEARD, longest_pause_s=6) == (0, 0)
    assert silences(tmp_path, HEARD + 2 * HOLE + HEARD, longest_pause_s=6) == (1, 1)


def test_the_pause_between_the_rounds_of_an_emergency_is_none(tmp_path: Path) -> None:
    assert silences(tmp_path, HEARD, repeat=Repeat(gap_s=8, longest_s=30)) == (0, 0)


def test_who_speaks_live_has_a_rule_of_their_own(tmp_path: Path) -> None:
    assert silences(tmp_path, HEARD + HOLE, minds_silence=True) == (0, 0)
