from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

import pytest

from broadcaster.errors import RefusedError
from broadcaster.model.priority import Priority
from broadcaster.model.rules import QuietHours
from broadcaster.playout.gate import Gate
from broadcaster.words import Sentence

UTC = ZoneInfo("UTC")
DAY = 1_800_000_000 // 86400 * 86400
OPEN = Gate(QuietHours(time(21), time(5), UTC), 3600, lambda: True, lambda: None)
LATCHED = Gate(OPEN.quiet, 3600, lambda: True, lambda: Sentence("the relay is stuck"))
NO_CLOCK = Gate(OPEN.quiet, 3600, lambda: False, lambda: None)

HOT = Gate(OPEN.quiet, 3600, lambda: True, lambda: None, lambda start, _: start + 601)
WORN = Gate(OPEN.quiet, 3600, lambda: True, lambda: None, lambda _start, _end: float("inf"))


@pytest.mark.parametrize(
    ("gate", "hour", "seconds", "says"),
    [
        (OPEN, 3.25, 60, "earliest start allowed is 05:00 15/01/2027"),
        (OPEN, 20.99, 60, "earliest start allowed is 05:00 16/01/2027"),
        (OPEN, 12, 3601, "at most 60 minutes"),
        (LATCHED, 12, 60, "the relay is stuck"),
        (NO_CLOCK, 12, 60, "clock"),
        (HOT, 12, 60, "cool down.*earliest start allowed is 12:11"),
        (WORN, 12, 60, "so many minutes in an hour"),
        *((OPEN, 3.25, wrong, "how long") for wrong in (-60, -60000, 0, float("nan"), float("inf"), -float("inf"))),
    ],
)
def test_refusals_and_the_emergency_that_passes_them_all(gate: Gate, hour: float, seconds: float, says: str) -> None:
    start = DAY + hour * 3600
    for priority in (Priority.ROUTINE, Priority.PRIORITY):
        with pytest.raises(RefusedError, match=says):
            gate.check(priority, start, start + seconds)
    gate.check(Priority.EMERGENCY, start, start + seconds)


def test_by_day_all_pass() -> None:
    for priority in Priority:
        OPEN.check(priority, DAY + 12 * 3600, DAY + 12 * 3600 + 600)
