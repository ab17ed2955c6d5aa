"""The day as a ribbon: quiet hours, what has sounded, what is planned, and where in the day we are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from broadcaster.config.settings import Settings
from broadcaster.model.naming import outcome
from broadcaster.model.rules import QuietHours
from broadcaster.storage.upcoming import Upcoming

WIDTH = 1440
"""The ribbon's own units; on a day of 24 hours a minute each."""
_NARROWEST = 8
_MINUTE_S = 60
_AIRED, _SILENT = ("completed", "aborted", "ended"), ("failed", "broken", "missed", "refused")
_KINDS = dict.fromkeys(_AIRED, "aired") | dict.fromkeys(_SILENT, "silent")


@dataclass(frozen=True)
class Bar:
    """``kind`` is quiet, aired, silent (meant to sound and did not) or planned; ``start`` and ``length`` in units."""

    kind: str
    start: int
    length: int


@dataclass(frozen=True)
class Ribbon:
    """``now`` in units; ``hours`` are the labels under it, each with its place in units."""

    bars: tuple[Bar, ...]
    now: int
    hours: tuple[tuple[int, int], ...]

    def count(self, kind: str) -> int:
        """Return how many bars are of a kind."""
        return sum(bar.kind == kind for bar in self.bars)


def bounds(zone: ZoneInfo, now: float) -> tuple[float, float]:
    """Return the Unix seconds of the local midnights around ``now``."""
    midnight = datetime.fromtimestamp(now, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    following = (midnight + timedelta(days=1)).replace(fold=0)
    return midnight.timestamp(), following.timestamp()


def ribbon(settings: Settings, rows: Iterable[Mapping[str, Any]], coming: Iterable[Upcoming], now: float) -> Ribbon:
    """Draw the local day of ``now``: ``rows`` of the log book, and what is still ``coming``."""
    begin, end = bounds(settings.station.zone, now)

    def unit(moment: float) -> int:
        return round(min(max(moment, begin), end) - begin) * WIDTH // round(end - begin)

    def bar(kind: str, since: float, until: float) -> Bar:
        start = min(unit(since), WIDTH - _NARROWEST)
        return Bar(kind, start, max(unit(until) - start, _NARROWEST))

    bars = [bar("quiet", *span) for span in _quiet(settings.quiet_hours, begin, end)]
    for row in rows:
        if kind := _KINDS.get(outcome(row)):
            since = row["on_air_at"] or row["keyed_at"] or row["due"] or row["created"]
            bars.append(bar(kind, since, row["ended_at"] or since))
    bars += [bar("planned", one.due, one.due + one.seconds) for one in coming if begin <= one.due < end]
    hours = tuple((hour, unit(_at(settings, begin, hour))) for hour in (0, 6, 12, 18, 24))
    return Ribbon(tuple(bars), unit(now // _MINUTE_S * _MINUTE_S), hours)


def _quiet(quiet: QuietHours, begin: float, end: float) -> Iterable[tuple[float, float]]:
    moment = begin
    while (span := quiet.touched(moment, end)) is not None:
        yield max(span[0], begin), min(span[1], end)
        moment = span[1]


def _at(settings: Settings, begin: float, hour: int) -> float:
    midnight = datetime.fromtimestamp(begin, settings.station.zone)
    return (midnight + timedelta(hours=hour)).replace(fold=0).timestamp()
