"""The report of a period: read from the log book, put together, as JSON and as a table."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from broadcaster.config.settings import Settings
from broadcaster.errors import UsageError
from broadcaster.reports.airtime import DELIVERED, Airtime, airtime
from broadcaster.reports.uptime import (
    AVAILABILITY,
    ClusterHours,
    Controller,
    Outage,
    Transmitter,
    cluster,
    controller,
    transmitter,
)
from broadcaster.storage import broadcasts, faults, intervals
from broadcaster.words import Sentence

_ALIVE_S = 60.0
"""A running controller gives a sign of life every 20 seconds."""


@dataclass(frozen=True)
class Report:
    """Figures of [``begin``, ``end``), of which [``measured_from``, ``measured_until``) could be measured."""

    station: str
    simulated: bool
    begin: float
    end: float
    measured_from: float
    measured_until: float
    controller: Controller
    transmitter: Transmitter
    clusters: tuple[ClusterHours, ...]
    airtime: Airtime

    @property
    def measured_s(self) -> float:
        return self.measured_until - self.measured_from

    @property
    def availability(self) -> float | None:
        """Share from 0 to 1; ``None`` when nothing was measured."""
        return self.transmitter.available_s / self.measured_s if self.measured_s > 0 else None

    def as_json(self, language: str) -> dict[str, Any]:
        """Return everything, sentences in ``language``."""
        shown = asdict(self)
        for part in ("controller", "transmitter"):
            outages: tuple[Outage, ...] = getattr(self, part).outages
            shown[part]["outages"] = [
                {"begin": one.begin, "end": one.end, "cause": one.cause.to(language)} for one in outages
            ]
        shown["airtime"]["counts"] = [
            {"outcome": outcome, "origin": origin, "count": count}
            for (outcome, origin), count in sorted(self.airtime.counts.items())
        ]
        definitions = {"availability": AVAILABILITY.to(language), "delivered": DELIVERED.to(language)}
        return {**shown, "availability": self.availability, "definitions": definitions}


def make(engine: Engine, settings: Settings, begin: float, end: float, now: float) -> Report:
    """Return the report of [``begin``, ``end``) in Unix seconds, as far as it has passed. Raises ``StorageError``."""
    until = min(end, now)
    alive_until = intervals.last_sign(engine) or 0.0
    if until == now and 0 <= now - alive_until < _ALIVE_S:
        until = alive_until  # it runs, and will tell of the last seconds presently
    first = intervals.first_use(engine)
    measured = (min(max(begin, until if first is None else first), until), until) if until > begin else (begin, begin)
    ups = intervals.between(engine, "controller", *measured)
    return Report(
        station=settings.station.name,
        simulated=settings.simulated,
        begin=begin,
        end=end,
        measured_from=measured[0],
        measured_until=measured[1],
        controller=controller(ups, measured, alive_until),
        transmitter=transmitter(
            intervals.between(engine, "transmitter", *measured),
            ups,
            faults.between(engine, *measured),
            measured,
            alive_until,
        ),
        clusters=tuple(
            cluster(one.number, intervals.between(engine, f"cluster-{one.number:02}", *measured), measured, alive_until)
            for one in settings.cluster
        ),
        airtime=airtime(broadcasts.between(engine, begin, until)),
    )


def days(first: date, last: date, zone: ZoneInfo) -> tuple[float, float]:
    """Return the Unix seconds at which ``first`` begins and ``last`` has ended. Raises ``UsageError``."""
    if last < first:
        raise UsageError(Sentence("The period ends before it begins: give the earlier day first."))
    return midnight(first, zone), midnight(last + timedelta(days=1), zone)


def midnight(day: date, zone: ZoneInfo) -> float:
    """Return the Unix second at which a local day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC).timestamp()
