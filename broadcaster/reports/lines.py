"""The report in words, and as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from broadcaster.config.settings import Settings
from broadcaster.model.naming import OUTCOMES, origin
from broadcaster.reports.airtime import DELIVERED
from broadcaster.reports.report import Report
from broadcaster.reports.uptime import AVAILABILITY, Outage
from broadcaster.words import Sentence


def duration(seconds: float) -> Sentence:
    """Say how long something lasted, to the second."""
    whole = round(seconds)
    told = {"hours": whole // 3600, "minutes": whole // 60 % 60, "seconds": whole % 60}
    if whole >= 3600:
        return Sentence("{hours} h {minutes} min {seconds} s", **told)
    return Sentence("{minutes} min {seconds} s", **told) if whole >= 60 else Sentence("{seconds} s", **told)


def share(part: float | None) -> str:
    """Return a share from 0 to 1 as percent; rounded down, so that an outage never looks like none."""
    return "—" if part is None else f"{int(part * 10000) / 100:.2f} %"


def told(report: Report, settings: Settings, zone: ZoneInfo) -> list[Sentence]:
    """Return the report as sentences."""
    found = [Sentence("*** SIMULATION *** no real transmitter, no real loudspeaker.")] if report.simulated else []
    found += [
        Sentence(
            "{station}: {begin} to {end}",
            station=report.station,
            begin=_at(report.begin, zone),
            end=_at(report.end, zone),
        ),
        Sentence(
            "Measured: {begin} to {end}", begin=_at(report.measured_from, zone), end=_at(report.measured_until, zone)
        ),
        Sentence("Transmitter on air: {time}", time=duration(report.transmitter.on_s)),
        Sentence(
            "Transmitter off: {time}; unknown: {unknown}",
            time=duration(report.transmitter.off_s),
            unknown=duration(report.transmitter.unknown_s),
        ),
        Sentence("Availability of the transmitter: {share}", share=share(report.availability)),
        AVAILABILITY,
        Sentence(
            "Controller up: {time}; unknown: {unknown}",
            time=duration(report.controller.up_s),
            unknown=duration(report.controller.unknown_s),
        ),
        Sentence(
            "Scheduled: {scheduled}; delivered: {delivered}",
            scheduled=duration(report.airtime.scheduled_s),
            delivered=duration(report.airtime.delivered_s),
        ),
        DELIVERED,
        Sentence(
            "Without a fixed time: {time}; emergencies: {emergency}",
            time=duration(report.airtime.unscheduled_s),
            emergency=duration(report.airtime.emergency_s),
        ),
    ]
    found += [
        Sentence(
            "Broadcasts, {outcome}, {origin}: {count}", outcome=OUTCOMES[outcome], origin=origin(word), count=count
        )
        for (outcome, word), count in sorted(report.airtime.counts.items())
    ]
    found += [
        Sentence("Outage of the controller: {outage}", outage=_outage(one, zone)) for one in report.controller.outages
    ]
    found += [
        Sentence("Outage of the transmitter: {outage}", outage=_outage(one, zone)) for one in report.transmitter.outages
    ]
    names = {one.number: one.name for one in settings.cluster}
    found += [
        Sentence(
            "Cluster {number} {name}: commanded open {openings} time(s), {time}",
            number=one.number,
            name=names[one.number],
            openings=one.openings,
            time=duration(one.open_s),
        )
        for one in report.clusters
    ]
    return found


def table(report: Report, language: str, zone: ZoneInfo) -> Iterator[list[str]]:
    """Yield rows: section, item, value, unit."""
    yield ["section", "item", "value", "unit"]
    if report.simulated:
        yield ["MÔ PHỎNG / SIMULATION", "", "", ""]
    yield ["period", "from", _iso(report.begin, zone), "time"]
    yield ["period", "until", _iso(report.end, zone), "time"]
    yield ["period", "measured from", _iso(report.measured_from, zone), "time"]
    yield ["period", "measured until", _iso(report.measured_until, zone), "time"]
    for item in ("on_s", "off_s", "unknown_s", "available_s"):
        yield ["transmitter", item[:-2], f"{getattr(report.transmitter, item):.0f}", "s"]
    yield ["transmitter", "availability", "" if report.availability is None else f"{report.availability:.6f}", "share"]
    yield ["transmitter", "availability is", AVAILABILITY.to(language), "text"]
    for item in ("up_s", "unknown_s"):
        yield ["controller", item[:-2], f"{getattr(report.controller, item):.0f}", "s"]
    for item in ("scheduled_s", "delivered_s", "unscheduled_s", "emergency_s"):
        yield ["broadcasts", item[:-2], f"{getattr(report.airtime, item):.0f}", "s"]
    for (outcome, word), count in sorted(report.airtime.counts.items()):
        yield ["broadcasts", f"{outcome} ({word})", str(count), "count"]
    for section, outages in (
        ("controller outage", report.controller.outages),
        ("transmitter outage", report.transmitter.outages),
    ):
        for one in outages:
            yield [section, f"{_iso(one.begin, zone)} – {_iso(one.end, zone)}", one.cause.to(language), "cause"]
    for hours in report.clusters:
        yield [f"cluster {hours.number}", "commanded open", f"{hours.open_s:.0f}", "s"]
        yield [f"cluster {hours.number}", "openings", str(hours.openings), "count"]


def _outage(one: Outage, zone: ZoneInfo) -> Sentence:
    return Sentence(
        "{begin} to {end} ({time}): {cause}",
        begin=_at(one.begin, zone),
        end=_at(one.end, zone),
        time=duration(one.end - one.begin),
        cause=one.cause,
    )


def _at(moment: float, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(moment, zone):%H:%M:%S %d/%m/%Y}"


def _iso(moment: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(moment, zone).isoformat(timespec="seconds")
