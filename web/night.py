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
_TOUCHED_S = 60.0
"""A sign of life is written more often than this."""
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
    unknown_s: float
    """For so long the controller did not run: nobody knows."""

    @property
    def is_unknown(self) -> bool:
        """Whether nothing at all is known of it."""
        return self.unknown_s >= self.end - self.begin - _TOUCHED_S


def bounds(now: float, zone: ZoneInfo) -> tuple[float, float]:
    """Return the Unix seconds at which the last night began and ended; before the morning, up to now."""
    today = datetime.fromtimestamp(now, zone).date()
    begin = datetime.combine(today - timedelta(days=1), EVENING, zone).timestamp()
    return begin, min(now, datetime.combine(today, MORNING, zone).timestamp())


def night(
    rows: Iterable[Mapping[str, Any]], faults: int, lived: Iterable[Mapping[str, Any]], begin: float, end: float
) -> Night:
    """Sum up the rows of the log book that were meant for that time; ``lived`` are intervals of the controller."""
    told = [row for row in rows if row["state"] != "queued"]
    emergencies = [row for row in told if row["priority"] == "emergency"]
    silent = [
        (str(row["title"]), Sentence.from_json(row["reason"]) if row["reason"] else Sentence("No reason is known."))
        for row in told
        if row["state"] in _SILENT
    ]
    whole = sum(outcome(row) in ("completed", "aborted", "ended") for row in told)
    sounded = whole - sum(outcome(row) in ("completed", "ended") for row in emergencies)
    up = sum(
        min(row["until_at"] or end, end) - max(row["from_at"], begin)
        for row in lived
        if row["state"] == "up" and (row["until_at"] or end) > begin and row["from_at"] < end
    )
    missing = end - begin - up
    unknown_s = missing if missing > _TOUCHED_S else 0.0
    return Night(begin, end, max(0, sounded), silent, len(emergencies), faults, unknown_s)
