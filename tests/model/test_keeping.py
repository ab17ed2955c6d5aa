from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from broadcaster.model.keeping import Kept, Why, going

DAY = 86400.0
NOW = 400 * DAY
shelves = some.lists(some.builds(Kept, some.uuids().map(str), some.floats(0, NOW), some.integers(1, 1000)), max_size=30)


@given(shelves, some.floats(0, 400), some.integers(-5000, 20_000))
def test_what_goes(shelf: list[Kept], keep_days: float, short: int) -> None:
    gone = going(shelf, NOW, keep_days * DAY, short)
    aged = {one.id for one in shelf if NOW - one.at > keep_days * DAY}
    assert {one.id for one, why in gone if why is Why.AGE} == aged
    names = [one.id for one, _ in gone]
    left = [one for one in shelf if one.id not in names]
    assert len(set(names)) == len(names) == len(shelf) - len(left)
    assert max((one.at for one, _ in gone), default=0) <= min((one.at for one in left), default=NOW)
    freed = sum(one.size for one, _ in gone)
    assert freed >= short or not left  # enough, or nothing is left
    if gone and gone[-1][1] is Why.ROOM:
        assert freed - gone[-1][0].size < short  # and none too many


@given(shelves, some.floats(0, 400))
def test_while_there_is_room_and_the_clock_is_doubted_nothing_goes(shelf: list[Kept], keep_days: float) -> None:
    assert going(shelf, NOW, None, 0) == []
    assert all(why is Why.AGE for _, why in going(shelf, NOW, keep_days * DAY, 0))
