"""When a schedule sounds: once, every day, or on chosen weekdays, from one day to another.

Pure functions of their arguments, so that the clock hand, the preview and a test all get the same answer.
Local times follow PEP 495: of a time that comes twice (clocks go back) the first counts; a time that is left
out (clocks go forward) is moved by as much as the clocks are, but stays on its day; a day that a zone leaves out
altogether has no occurrence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EVERY_DAY = frozenset(range(7))
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Recurrence:
    """At ``at`` (local), on ``weekdays`` (0 is Monday), from ``first`` to ``last`` inclusive (``None``: no end)."""

    at: time
    first: date
    last: date | None = None
    weekdays: frozenset[int] = EVERY_DAY

    @classmethod
    def once(cls, at: time, day: date) -> Recurrence:
        """Return the rule that holds on one day only."""
        return cls(at, day, day)

    @property
    def is_once(self) -> bool:
        return self.first == self.last

    def on(self, day: date, zone: ZoneInfo) -> float | None:
        """Return the Unix second of the occurrence on a local day, ``None`` when there is none."""
        if day < self.first or (self.last is not None and day > self.last) or day.weekday() not in self.weekdays:
            return None
        for fold in (0, 1):  # in a gap: moved forward; if that is the next day already, backward
            moment = datetime.combine(day, self.at, zone).replace(fold=fold).astimezone(UTC)
            if moment.astimezone(zone).date() == day:
                return moment.timestamp()
        return None

    def after(self, moment: float, zone: ZoneInfo) -> Iterator[float]:
        """Yield the occurrences strictly after ``moment`` (Unix seconds), in order; it may never end."""
        day = max(self.first, datetime.fromtimestamp(moment, zone).date() - _DAY)
        while (self.last is None or day <= self.last) and day < _LAST_DAY:
            occurrence = self.on(day, zone)
            if occurrence is not None and occurrence > moment:
                yield occurrence
            day += _DAY

    def next(self, moment: float, zone: ZoneInfo) -> float | None:
        """Return the first occurrence strictly after ``moment``, ``None`` when there is none any more."""
        return next(self.after(moment, zone), None) if self.weekdays else None

    def between(self, after: float, until: float, zone: ZoneInfo) -> list[float]:
        """Return the occurrences in (``after``, ``until``], in order."""
        found = []
        for occurrence in self.after(after, zone) if self.weekdays else ():
            if occurrence > until:
                break
            found.append(occurrence)
        return found


_LAST_DAY = date(9000, 1, 1)
