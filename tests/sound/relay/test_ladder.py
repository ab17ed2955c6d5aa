from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.config.relays import RelaySettings
from broadcaster.sound.relay.ladder import BLOCK_S, Fault, Health, Ladder

LIMITS = RelaySettings(name="vov1", title="VOV1", silent_after_s=4, stalled_after_s=2, back_after_s=5)
LOUD, FAINT, NOTHING = -20.0, -60.0, None
A_SECOND = round(1 / BLOCK_S)


def run(seconds: float, *levels: float | None, ladder: Ladder, health: list[Health]) -> list[int]:
    """Hear these levels for so long; return the rungs that sounded."""
    rungs = []
    for _ in range(round(seconds * A_SECOND)):
        for one, level in zip(health, levels, strict=True):
            one.hear(level)
        ladder.step(health)
        rungs.append(ladder.rung)
    return rungs


def started(*, has_file: bool = True) -> tuple[Ladder, list[Health]]:
    ladder, health = Ladder(LIMITS, 2, has_file=has_file), [Health(LIMITS), Health(LIMITS)]
    run(10, LOUD, LOUD, ladder=ladder, health=health)
    return ladder, health


@pytest.mark.parametrize(("level", "after_s"), [(NOTHING, 2), (FAINT, 4)], ids=["stalled", "silent"])
def test_it_changes_within_the_time_that_was_set(level: float | None, after_s: float) -> None:
    ladder, health = started()
    rungs = run(after_s + 1, level, LOUD, ladder=ladder, health=health)
    assert rungs.index(1) * BLOCK_S == pytest.approx(after_s, abs=0.05)


@pytest.mark.parametrize(("has_file", "end"), [(True, 2), (False, 3)], ids=["file", "no file"])
def test_when_nothing_comes_from_anywhere(has_file: bool, end: int) -> None:
    ladder, health = started(has_file=has_file)
    assert run(10, NOTHING, NOTHING, ladder=ladder, health=health)[-1] == end


def test_a_stutter_is_a_stall() -> None:
    ladder, health = started()
    for _ in range(10):
        run(0.5, NOTHING, LOUD, ladder=ladder, health=health)
        run(0.5, LOUD, LOUD, ladder=ladder, health=health)
    assert ladder.rung == 1


def test_it_goes_back_when_it_has_been_well_for_long_enough_and_later_each_time() -> None:
    ladder, health = started()
    waited = []
    for _ in range(3):
        run(3, NOTHING, LOUD, ladder=ladder, health=health)
        waited.append(run(30, LOUD, LOUD, ladder=ladder, health=health).index(0) * BLOCK_S)
    assert waited == pytest.approx([5, 10, 20], abs=0.1)


@pytest.mark.parametrize(("first", "second", "then"), [(LOUD, NOTHING, 0), (NOTHING, LOUD, 1), (FAINT, NOTHING, 3)])
def test_when_the_file_is_over_whatever_comes_is_taken(first: float | None, second: float | None, then: int) -> None:
    ladder, health = started()
    run(5, NOTHING, NOTHING, ladder=ladder, health=health)
    run(4, first, second, ladder=ladder, health=health)  # not well for long enough to be gone back to
    assert ladder.rung == ladder.file
    ladder.file_is_over(health)
    assert ladder.rung == then


def test_from_closing_down_nothing_leads_back() -> None:
    ladder, health = started(has_file=False)
    run(5, NOTHING, NOTHING, ladder=ladder, health=health)
    assert set(run(60, LOUD, LOUD, ladder=ladder, health=health)) == {ladder.down}


@given(
    st.lists(st.tuples(st.sampled_from([0.3, 1, 3, 6]), *[st.sampled_from([LOUD, FAINT, NOTHING])] * 2), max_size=12)
)
def test_it_never_comes_and_goes(course: list[tuple[float, float | None, float | None]]) -> None:
    ladder, health = started()
    rungs = [rung for seconds, *levels in course for rung in run(seconds, *levels, ladder=ladder, health=health)]
    for rung in (0, 1):
        back = [at for at in range(1, len(rungs)) if rungs[at - 1] > rungs[at] == rung]
        assert all(later - sooner > 5 * A_SECOND for sooner, later in pairwise(back))


def test_its_faults_have_names() -> None:
    health = Health(LIMITS)
    for _ in range(2 * A_SECOND):
        health.hear(NOTHING)
    assert health.fault is Fault.STALLED
