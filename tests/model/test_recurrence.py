from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadcaster.model.recurrence import EVERY_DAY, Recurrence

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
ZONES = [
    "Asia/Ho_Chi_Minh",
    "Europe/Berlin",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Casablanca",
    "Asia/Beirut",
    "America/Nuuk",
    "Africa/Monrovia",
    "Asia/Tehran",
    "Pacific/Kwajalein",
]
rules = st.builds(
    Recurrence,
    at=st.times().map(lambda t: t.replace(microsecond=0)),
    first=st.dates(date(1972, 1, 1), date(2037, 1, 1)),
    last=st.none(),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
)
zones = st.sampled_from(ZONES).map(ZoneInfo)
moments = st.integers(0, 2_100_000_000).map(float)


def local(moment: float | None, zone: ZoneInfo) -> str:
    assert moment is not None
    return f"{datetime.fromtimestamp(moment, zone):%Y-%m-%d %H:%M}"


@given(rules, moments, zones)
@example(Recurrence(time(17), date(2011, 12, 1)), 1325000000.0, ZoneInfo("Pacific/Apia"))
@example(Recurrence(time(23, 45), date(2023, 3, 1)), 1679700000.0, ZoneInfo("America/Nuuk"))
@example(Recurrence(time(0, 0, 30), date(2006, 10, 1)), 1162090000.0, ZoneInfo("America/St_Johns"))
def test_each_is_strictly_later_and_at_most_one_a_local_day(rule: Recurrence, moment: float, zone: ZoneInfo) -> None:
    found, days = [moment], []
    for _ in range(20):
        following = rule.next(found[-1], zone)
        assert following is not None
        assert following > found[-1]
        found.append(following)
        days.append(datetime.fromtimestamp(following, zone).date())
    assert len(set(days)) == len(days)
    assert all(day.weekday() in rule.weekdays and day >= rule.first for day in days)


@given(rules, moments, zones, st.randoms())
def test_the_order_of_asking_changes_nothing(rule: Recurrence, moment: float, zone: ZoneInfo, random: object) -> None:
    until = moment + 40 * 86400
    whole = rule.between(moment, until, zone)
    cuts = sorted({moment, until, *(moment + random.random() * 40 * 86400 for _ in range(5))})  # type: ignore[attr-defined]
    pieces = [rule.between(a, b, zone) for a, b in pairwise(cuts)]
    random.shuffle(pieces)  # type: ignore[attr-defined]
    assert sorted(x for piece in pieces for x in piece) == whole
    assert [rule.next(due - 1, zone) for due in reversed(whole)] == whole[::-1]


@given(rules, moments, zones)
def test_no_day_is_left_out_that_the_zone_has(rule: Recurrence, moment: float, zone: ZoneInfo) -> None:
    """A day has its occurrence if any moment of it exists: looked for hour by hour, without our rule."""
    day = datetime.fromtimestamp(moment, zone).date()
    rule = Recurrence(rule.at, day, day)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    exists = any((noon + timedelta(hours=h)).astimezone(zone).date() == day for h in range(-30, 31))
    assert (rule.on(day, zone) is not None) == exists


@pytest.mark.parametrize(
    ("zone", "at", "day", "expected"),
    [
        ("Europe/Berlin", time(2, 30), date(2027, 3, 28), "2027-03-28 03:30"),  # left out: moved as the clocks are
        ("Europe/Berlin", time(2, 30), date(2027, 10, 31), "2027-10-31 02:30"),  # comes twice: the first
        ("America/Nuuk", time(23, 30), date(2024, 3, 30), "2024-03-30 22:30"),  # moved on, it would be tomorrow
        ("Asia/Ho_Chi_Minh", time(17), date(2028, 2, 29), "2028-02-29 17:00"),
    ],
)
def test_clocks_that_are_moved(zone: str, at: time, day: date, expected: str) -> None:
    assert local(Recurrence(at, day).on(day, ZoneInfo(zone)), ZoneInfo(zone)) == expected


def test_of_a_time_that_comes_twice_the_first_counts() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    due = Recurrence(time(2, 30), date(2027, 10, 31)).next(0, berlin)
    assert due is not None
    assert datetime.fromtimestamp(due, UTC).hour == 0


def test_a_day_that_a_zone_left_out_has_none() -> None:
    apia = ZoneInfo("Pacific/Apia")
    rule = Recurrence(time(17), date(2011, 12, 29), date(2011, 12, 31))
    assert [local(due, apia) for due in rule.between(0, 2e9, apia)] == ["2011-12-29 17:00", "2011-12-31 17:00"]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Recurrence.once(time(17), date(2026, 11, 30)), ["2026-11-30 17:00"]),
        (
            Recurrence(time(5, 30), date(2026, 2, 27), date(2026, 3, 2)),
            ["2026-02-27 05:30", "2026-02-28 05:30", "2026-03-01 05:30", "2026-03-02 05:30"],
        ),
        (
            Recurrence(time(17), date(2026, 12, 28), date(2027, 1, 10), frozenset({0, 4})),
            ["2026-12-28 17:00", "2027-01-01 17:00", "2027-01-04 17:00", "2027-01-08 17:00"],
        ),
        (Recurrence(time(17), date(2027, 1, 2), date(2027, 1, 1)), []),
        (Recurrence(time(17), date(2027, 1, 2), None, frozenset()), []),
    ],
)
def test_rules_as_officials_say_them(rule: Recurrence, expected: list[str]) -> None:
    assert [local(due, VIET_NAM) for due in rule.between(0, 1.9e9, VIET_NAM)] == expected


def test_once_and_every_day() -> None:
    assert Recurrence.once(time(1), date(2026, 1, 1)).is_once
    assert Recurrence(time(1), date(2026, 1, 1)).weekdays == EVERY_DAY


def test_a_rule_without_end_ends_with_the_calendar() -> None:
    assert Recurrence(time(17), date(2026, 1, 1)).next(datetime(9500, 1, 1, tzinfo=UTC).timestamp(), VIET_NAM) is None
