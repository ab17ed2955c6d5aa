"""When nothing may sound: quiet hours, the longest broadcast, and a clock that cannot be trusted.

Pure functions of their arguments. They are asked at the door, and again by the last function before the
carrier goes up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class QuietHours:
    """The part of each local day in which only an emergency sounds; ``start == end`` means none."""

    start: time
    end: time
    zone: ZoneInfo

    def earliest_start(self, keyed_from: float, keyed_until: float) -> float:
        """Return the first moment ≥ ``keyed_from`` at which so long an interval touches no quiet hours.

        The interval is the carrier's, from on to off, in Unix seconds. A broadcast is legal when the answer
        is ``keyed_from`` itself. Returns ``inf`` when the interval is longer than any gap between quiet hours.
        """
        start, length = keyed_from, keyed_until - keyed_from
        for _ in range(4):
            quiet = self.touched(start, start + length)
            if quiet is None:
                return start
            start = quiet[1]
        return float("inf")

    def touched(self, start: float, end: float) -> tuple[float, float] | None:
        """Return the first quiet interval (Unix seconds) that meets [start, end]; ``None`` when none does."""
        if self.start == self.end:
            return None
        day = datetime.fromtimestamp(start, self.zone).date() - timedelta(days=1)
        while True:
            quiet = self._on(day)
            if quiet[0] >= end:
                return None
            if quiet[1] > start:
                return quiet
            day += timedelta(days=1)

    def _on(self, day: date) -> tuple[float, float]:
        begins = datetime.combine(day, self.start, self.zone)
        ends = datetime.combine(day, self.end, self.zone)
        if self.end <= self.start:
            ends += timedelta(days=1)
        return begins.astimezone(UTC).timestamp(), ends.astimezone(UTC).timestamp()


FIRST_POSSIBLE = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
"""No station ran this software before: an earlier clock has lost its battery."""


def clock_is_trusted(now: float, last_seen: float | None, slack: float = 60.0) -> bool:
    """Tell whether the wall clock can be believed: it has not gone back behind what this station last saw.

    ``now`` and ``last_seen`` are Unix seconds; ``slack`` is how far back a correction may reach.
    """
    return now >= FIRST_POSSIBLE and (last_seen is None or now >= last_seen - slack)
