"""What can befall a real stream: no gap is longer than was set, and the log book is told. All at the same time."""

from __future__ import annotations

import pytest

from broadcaster.model.pcm import RATE
from tests.end_to_end.relay_courses import COURSES, FIRST, LIMIT_S, SECOND, Heard, all_heard
from tests.end_to_end.station import tone_share
from tests.streams import needs_icecast

pytestmark = needs_icecast


@pytest.fixture(scope="module")
def courses() -> dict[str, Heard]:
    return all_heard()


@pytest.mark.parametrize("course", COURSES)
def test_the_second_source_takes_over_within_the_time_that_was_set(course: str, courses: dict[str, Heard]) -> None:
    heard = courses[course]
    assert [("is silent" if "silent" in course else "does not come") in said for said in heard.told] == [True]
    assert tone_share(heard.sound[: RATE // 2], FIRST) > 0.9
    assert tone_share(heard.sound[-RATE:], SECOND) > 0.9
    assert heard.longest_gap_s < LIMIT_S + 1
