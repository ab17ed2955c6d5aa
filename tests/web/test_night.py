from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from broadcaster.words import Sentence
from web.night import bounds, night

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def row(state: str, **more: Any) -> dict[str, Any]:
    row = {"state": state, "title": "Tin", "priority": "routine", "reason": None, "on_air_at": 1.0, "sounded_s": 1.0}
    return {**row, **more}


@pytest.mark.parametrize(("now", "end"), [("07:30", "06:00"), ("23:00", "06:00"), ("03:15", "03:15")])
def test_the_night_goes_from_evening_to_morning(now: str, end: str) -> None:
    moment = datetime.fromisoformat(f"2027-01-15T{now}").replace(tzinfo=ZONE).timestamp()
    told = [f"{datetime.fromtimestamp(one, ZONE):%d %H:%M}" for one in bounds(moment, ZONE)]
    assert told == ["14 17:00", f"15 {end}"]


def test_what_did_not_sound_is_named_with_its_reason() -> None:
    rows = [
        row("completed"),
        row("aborted"),
        row("aborted", on_air_at=None, sounded_s=None),
        row("missed", title="Họp", reason=Sentence("Too late").as_json()),
        row("refused", title="Chợ"),
        row("completed", priority="emergency"),
        row("queued"),
    ]
    told = night(rows, 2, [], 0, 1)
    assert (told.sounded, told.emergencies, told.faults) == (2, 1, 2)
    assert [(title, str(why)) for title, why in told.silent] == [("Họp", "Too late"), ("Chợ", "No reason is known.")]


@pytest.mark.parametrize(
    ("lived", "unknown_s", "is_unknown"),
    [
        ([], 39_600, True),
        ([(0, 39_580, "up")], 0, False),
        ([(-500, 9_600, "up"), (9_600, 30_000, "stopped"), (30_000, None, "up")], 20_400, False),
    ],
)
def test_what_the_controller_did_not_live_through_is_unknown(
    lived: list[tuple[float, float | None, str]], unknown_s: float, is_unknown: bool
) -> None:
    rows = [{"from_at": begin, "until_at": end, "state": state} for begin, end, state in lived]
    told = night([], 0, rows, 0, 39_600)
    assert (told.unknown_s, told.is_unknown) == (unknown_s, is_unknown)
