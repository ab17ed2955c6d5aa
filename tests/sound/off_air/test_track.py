from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.sound.off_air.spectrum import COLUMNS, LEVEL, Rows
from broadcaster.sound.off_air.track import Track, number


def of(*levels: float) -> Rows:
    return np.repeat(np.array(levels, np.float32)[:, None], COLUMNS, axis=1)


def levels(track: Track, begin: int, count: int) -> list[float]:
    return [float(one) for one in track.read(begin, count)[:, LEVEL]]


def test_rows_lie_where_their_time_is() -> None:
    track = Track()
    track.add(of(1, 2, 3), 100.0)
    assert track.end == number(100.0)
    assert levels(track, track.end - 3, 3) == [1, 2, 3]


@pytest.mark.parametrize("late_s", [-0.1, 0.0, 0.1])
def test_a_stream_that_comes_unevenly_has_no_holes(late_s: float) -> None:
    track = Track()
    track.add(of(1, 2), 100.0)
    track.add(of(3, 4), 100.04 + late_s)
    assert levels(track, track.end - 4, 4) == [1, 2, 3, 4]


def test_after_a_pause_what_never_came_is_not_known() -> None:
    track = Track()
    track.add(of(1), 100.0)
    track.add(of(2), 101.0)
    found = levels(track, number(100.0) - 1, 51)
    assert (found[0], found[-1]) == (1, 2)
    assert np.isnan(found[1:-1]).all()


def test_what_is_still_to_come_and_what_is_long_past_is_not_known() -> None:
    track = Track()
    track.add(of(*range(1, 2100)), 100.0)
    assert np.isnan(levels(track, track.end, 3)).all()
    assert np.isnan(levels(track, track.end - 2060, 3)).all()


@given(st.lists(st.tuples(st.integers(1, 40), st.floats(0, 3)), max_size=20))
def test_the_latest_row_is_always_the_last(pieces: list[tuple[int, float]]) -> None:
    track, at = Track(), 50.0
    for place, (count, pause) in enumerate(pieces, 1):
        at += pause
        track.add(of(*[float(place)] * count), at)
        assert levels(track, track.end - 1, 1) == [place]
