from __future__ import annotations

import itertools

import pytest

from broadcaster.model.broadcast import ENDS, IllegalTransitionError, State, advance, new_broadcast_id

WHOLE = ["queued", "preparing", "keying", "opening", "on_air", "closing", "unkeying", "completed"]


def test_the_whole_way_is_legal() -> None:
    for current, following in itertools.pairwise(WHOLE):
        assert advance(State(current), State(following)) == following


@pytest.mark.parametrize("end", sorted(ENDS))
@pytest.mark.parametrize("to", list(State))
def test_an_end_is_an_end(end: State, to: State) -> None:
    with pytest.raises(IllegalTransitionError):
        advance(end, to)


def test_nothing_on_air_can_become_missed_or_refused() -> None:
    for state in (State.KEYING, State.OPENING, State.ON_AIR, State.CLOSING, State.UNKEYING):
        for end in (State.MISSED, State.REFUSED):
            with pytest.raises(IllegalTransitionError):
                advance(state, end)


def test_identifiers_sort_by_time_and_differ() -> None:
    assert new_broadcast_id(0).startswith("19700101-000000-")
    assert new_broadcast_id(1e9) < new_broadcast_id(1e9 + 1)
    assert len({new_broadcast_id(1e9) for _ in range(100)}) == 100
