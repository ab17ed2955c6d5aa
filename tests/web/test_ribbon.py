from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from broadcaster.config.loading import settings_of
from broadcaster.config.settings import Settings
from broadcaster.storage.upcoming import Upcoming
from web.ribbon import WIDTH, Bar, bounds, ribbon


def station(zone: str = "Asia/Ho_Chi_Minh", **rules: Any) -> Settings:
    cluster = {"number": 2, "name": "Thôn Hai", "code": "02"}
    return settings_of({"station": {"name": "Đài", "timezone": zone}, "cluster": [cluster], "rules": rules})


def at(settings: Settings, text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=settings.station.zone).timestamp()


ROUTINE = {"priority": "routine", "sounded_s": None}


def row(settings: Settings, state: str, since: str, until: str) -> dict[str, Any]:
    begin, end = at(settings, since), at(settings, until)
    return {
        "state": state,
        "on_air_at": begin,
        "keyed_at": None,
        "due": None,
        "created": 0.0,
        "ended_at": end,
        **ROUTINE,
    }


def test_a_day_holds_its_quiet_hours_and_what_sounded_to_the_minute() -> None:
    one = station(quiet_from="21:00", quiet_until="05:00")
    rows = [
        row(one, "completed", "2026-11-23T06:00", "2026-11-23T06:30"),
        row(one, "queued", "2026-11-23T07:00", "2026-11-23T07:00"),
    ]
    coming = [Upcoming(at(one, "2026-11-23T17:00"), "Tin", frozenset([2]), 600.0, (0.0, 0.0))]
    day = ribbon(one, rows, coming, at(one, "2026-11-23T12:00"))
    assert day.bars == (
        Bar("quiet", 0, 300),
        Bar("quiet", 1260, 180),
        Bar("aired", 360, 30),
        Bar("planned", 1020, 10),
    )
    assert (day.now, day.hours) == (720, ((0, 0), (6, 360), (12, 720), (18, 1080), (24, WIDTH)))


@pytest.mark.parametrize(
    ("state", "kind"), [("aborted", "aired"), ("failed", "silent"), ("refused", "silent"), ("missed", "silent")]
)
def test_what_did_not_sound_is_shown_so_and_never_too_narrow_to_see(state: str, kind: str) -> None:
    one = station(quiet_from="00:00", quiet_until="00:00")
    (bar,) = ribbon(
        one, [row(one, state, "2026-11-23T23:59", "2026-11-23T23:59")], [], at(one, "2026-11-23T12:00")
    ).bars
    assert bar == Bar(kind, WIDTH - 8, 8)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)])
def test_a_day_of_another_length_fills_the_ribbon_too(day: str, hours: int) -> None:
    one = station("Europe/Berlin", quiet_from="22:00", quiet_until="06:00")
    begin, end = bounds(one.station.zone, at(one, f"{day}T12:00"))
    assert end - begin == hours * 3600
    drawn = ribbon(one, [], [], at(one, f"{day}T12:00"))
    assert (drawn.bars[-1].start + drawn.bars[-1].length, drawn.hours[-1]) == (WIDTH, (24, WIDTH))
