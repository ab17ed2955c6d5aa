"""Last night in a few words: what sounded between yesterday evening and this morning, what did not, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from broadcaster.model.naming import outcome
from broadcaster.words import Sentence

EVENING, MORNING = time(17), time(6)
_SILENT = frozenset(["failed", "missed", "refused"])


@dataclass(frozen=True)
class Night:
    """``silent`` are the titles of what was to sound and did not, with the reason; ``faults`` were raised then."""

    begin: float
    end: float
    sounded: int
    silent: list[tuple[str, Sentence]]
    emergencies: int
    faults: int


def bounds(now: float, zone: ZoneInfo) -> tuple[float, float]:
    """Return the Unix seconds at which the last night began and ended; before the morning, up to now."""
    today = datetime.fromtimestamp(now, zone).date()
    begin = datetime.combine(today - timedelta(days=1), EVENING, zone).timestamp()
    return begin, min(now, datetime.combine(today, MORNING, zone).timestamp())


def night(rows: Iterable[Mapping[str, Any]], faults: int, begin: float, end: float) -> Night:
    """Sum up the rows of the log book that were meant for that time."""
    told = [row for row in rows if row["state"] != "queued"]
    emergencies = [row for row in told if row["priority"] == "emergency"]
    silent = [
        (str(row["title"]), Sentence.from_json(row["reason"]) if row["reason"] else Sentence("No reason is known."))
        for row in told
        if row["state"] in _SILENT
    ]
    whole = sum(outcome(row) in ("completed", "aborted", "ended") for row in told)
    sounded = whole - sum(outcome(row) in ("completed", "ended") for row in emergencies)
    return Night(begin, end, max(0, sounded), silent, len(emergencies), faults)
