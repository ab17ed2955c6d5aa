from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.model.rules import FIRST_POSSIBLE, QuietHours, clock_is_trusted

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NIGHT = QuietHours(time(21), time(5), ZONE)


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp()


@pytest.mark.parametrize(
    ("start", "minutes", "earliest"),
    [
        ("2026-11-23T17:00", 15, "2026-11-23T17:00"),
        ("2026-11-23T20:45", 15, "2026-11-23T20:45"),  # ends exactly as the quiet begins
        ("2026-11-23T20:46", 15, "2026-11-24T05:00"),  # the last minute would be quiet
        ("2026-11-23T21:00", 1, "2026-11-24T05:00"),
        ("2026-11-24T03:15", 20, "2026-11-24T05:00"),
        ("2026-11-24T04:59", 2, "2026-11-24T05:00"),  # the carrier alone would touch it
        ("2026-11-24T05:00", 2, "2026-11-24T05:00"),
        ("2026-12-31T23:59", 2, "2027-01-01T05:00"),
    ],
)
def test_earliest_legal_start(start: str, minutes: int, earliest: str) -> None:
    assert NIGHT.earliest_start(at(start), at(start) + 60 * minutes) == at(earliest)


def test_longer_than_the_day_between_two_nights_never_fits() -> None:
    assert NIGHT.earliest_start(at("2026-11-23T06:00"), at("2026-11-23T06:00") + 17 * 3600) == float("inf")


def test_equal_ends_mean_no_quiet_hours() -> None:
    none = QuietHours(time(0), time(0), ZONE)
    assert none.earliest_start(at("2026-11-24T03:15"), at("2026-11-24T03:30")) == at("2026-11-24T03:15")


@given(
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.floats(at("2026-01-01T00:00"), at("2027-12-31T00:00")),
    st.floats(1, 3600),
    st.sampled_from(["Asia/Ho_Chi_Minh", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe"]),
)
def test_the_answer_is_later_and_itself_legal(start: time, end: time, moment: float, length: float, zone: str) -> None:
    quiet = QuietHours(start, end, ZoneInfo(zone))
    earliest = quiet.earliest_start(moment, moment + length)
    assert earliest >= moment
    if earliest != float("inf"):
        assert quiet.earliest_start(earliest, earliest + length) == earliest


@pytest.mark.parametrize(
    ("now", "last_seen", "trusted"),
    [
        (FIRST_POSSIBLE - 1, None, False),  # the battery of the clock is empty
        (FIRST_POSSIBLE + 1e6, None, True),
        (FIRST_POSSIBLE + 1e6, FIRST_POSSIBLE + 1e6 + 3600, False),  # an hour back
        (FIRST_POSSIBLE + 1e6, FIRST_POSSIBLE + 1e6 + 30, True),  # a small correction
    ],
)
def test_clock_trust(now: float, last_seen: float | None, trusted: bool) -> None:
    assert clock_is_trusted(now, last_seen) is trusted
