"""The report in words, and as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from broadcaster.config.settings import Settings
from broadcaster.model.naming import OUTCOMES, origin
from broadcaster.reports.airtime import DELIVERED, Airtime
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
    begin, end = _at(report.begin, zone), _at(report.end, zone)
    found.append(Sentence("{station}: {begin} to {end}", station=report.station, begin=begin, end=end))
    if report.measured_s <= 0:
        return [*found, Sentence("In this period the station was not yet in use.")]
    begin, end = _at(report.measured_from, zone), _at(report.measured_until, zone)
    found.append(Sentence("Measured: {begin} to {end}", begin=begin, end=end))
    return found + _uptime(report) + _broadcasts(report.airtime) + _outages(report, zone) + _clusters(report, settings)


def _uptime(report: Report) -> list[Sentence]:
    key, machine = report.transmitter, report.controller
    off, unknown = duration(key.off_s), duration(key.unknown_s)
    return [
        Sentence("Transmitter on air: {time}", time=duration(key.on_s)),
        Sentence("Transmitter off: {time}; unknown: {unknown}", time=off, unknown=unknown),
        Sentence("Availability of the transmitter: {share}", share=share(report.availability)),
        AVAILABILITY,
        Sentence(
            "Controller up: {time}; unknown: {unknown}",
            time=duration(machine.up_s),
            unknown=duration(machine.unknown_s),
        ),
    ]


def _broadcasts(airtime: Airtime) -> list[Sentence]:
    scheduled, delivered = duration(airtime.scheduled_s), duration(airtime.delivered_s)
    other, emergency = duration(airtime.unscheduled_s), duration(airtime.emergency_s)
    return [
        Sentence("Scheduled: {scheduled}; delivered: {delivered}", scheduled=scheduled, delivered=delivered),
        DELIVERED,
        Sentence("Without a fixed time: {time}; emergencies: {emergency}", time=other, emergency=emergency),
        *(
            Sentence(
                "Broadcasts, {outcome}, {origin}: {count}", outcome=OUTCOMES[outcome], origin=origin(word), count=count
            )
            for (outcome, word), count in sorted(airtime.counts.items())
        ),
    ]


def _outages(report: Report, zone: ZoneInfo) -> list[Sentence]:
    return [
        Sentence("Outage of the controller: {outage}", outage=_outage(one, zone)) for one in report.controller.outages
    ] + [
        Sentence("Outage of the transmitter: {outage}", outage=_outage(one, zone)) for one in report.transmitter.outages
    ]


def _clusters(report: Report, settings: Settings) -> list[Sentence]:
    names = {one.number: one.name for one in settings.cluster}
    return [
        Sentence(
            "Cluster {number} {name}: commanded open {openings} time(s), {time}",
            number=one.number,
            name=names[one.number],
            openings=one.openings,
            time=duration(one.open_s),
        )
        for one in report.clusters
    ]


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
        yield [f"cluster {hours.number}", "unknown", f"{hours.unknown_s:.0f}", "s"]


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
