"""Setting up, step by step: what a new station wants done once, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import ConfigurationError, ControlError, StorageError
from broadcaster.storage import approvals, audit, day_off, users
from broadcaster.storage.database import transaction
from broadcaster.words import Sentence
from web.doctor import findings
from web.own_settings import ZONES, shown
from web.ribbon import bounds
from web.speech import chosen, tell
from web.station import station

pages = Blueprint("setup", __name__)


@dataclass(frozen=True)
class Step:
    """``done`` is ``None`` where only a person can say; ``where`` is the page that does it, if one does."""

    title: Sentence
    told: Sentence
    done: bool | None
    where: str = ""


@pages.get("/setup")
def page() -> str:
    """Show every step with what is known of it."""
    status = station().board.status()
    steps = [*_station(), *_people(), *_hardware(status)]
    return render_template("setup/page.html", steps=steps, pending=station().own.are_pending)


@pages.get("/setup/station")
def station_page() -> str:
    """Show the station's name, time zone, quiet hours and who mends it, for changing them."""
    return _station_form(shown(station().own.wanted), [])


@pages.post("/setup/station")
def set_station() -> Response | tuple[str, int]:
    """Keep them; they hold as soon as the station has begun anew, which it does when nothing sounds."""
    here, before = station(), shown(station().own.wanted)
    typed = {key: _line(request.form.get(key, "")) for key in before}
    new = {key: value for key, value in typed.items() if value != before[key]}
    try:
        here.own.keep(new)
        if zone := new.get("timezone"):
            _keep_zone(ZoneInfo(zone), before["timezone"])
    except ConfigurationError as error:
        return _station_form(typed, list(error.findings)), 422
    if new:
        with transaction(here.log_book) as connection:
            audit.note(connection, here.clock.now(), g.user.name, "station set", "", before=before, after=typed)
    tell(
        Sentence("Saved. It holds in a few seconds; while a bulletin sounds, after it.")
        if here.own.begin_anew()
        else Sentence("Saved. It holds from the next start of the station.")
    )
    return redirect(url_for(".page"))


@pages.get("/setup/devices")
def hardware() -> str:
    """Say what the doctor of the command line (``broadcaster check``) finds."""
    here = station()
    if here.board.status() is None:  # starting just now: the command would take the ports before it
        raise ControlError(Sentence("The broadcast controller does not answer."))
    return render_template("setup/devices.html", found=findings(here.home, chosen()))


def _line(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()


def _keep_zone(zone: ZoneInfo, before: str) -> None:
    """The hours of the programme are other instants from now on; what had its session today is not owed another one.

    Raises ``StorageError`` when that cannot be written down, and then the zone stays.
    """
    here, now = station(), station().clock.now()
    since, _ = bounds(here.settings.station.zone, now)
    _, until = bounds(zone, now)
    try:
        day_off.once_a_day(here.log_book, since, until, replace(here.ground, zone=zone))
    except StorageError:
        here.own.keep({"timezone": before})
        raise


def _station_form(typed: dict[str, str], troubles: list[Sentence]) -> str:
    return render_template("setup/station.html", typed=typed, troubles=troubles, zones=ZONES)


def _station() -> list[Step]:
    settings = station().own.wanted
    where = url_for(".station_page")
    quiet = settings.quiet_hours
    name = Sentence("{name}, time zone {zone}", name=settings.station.name, zone=settings.station.timezone)
    hours = Sentence("{begin} to {end}", begin=f"{quiet.start:%H:%M}", end=f"{quiet.end:%H:%M}")
    if quiet.start == quiet.end:
        hours = Sentence("none: bulletins may sound all night")
    return [
        Step(Sentence("Name, time zone, telephone"), name, bool(settings.station.technician_phone), where),
        Step(Sentence("Quiet hours"), hours, quiet.start != quiet.end, where),
    ]


def _people() -> list[Step]:
    here = station()
    rule = approvals.rule(here.log_book, here.key)
    people = [row for row in users.everyone(here.log_book) if not row["disabled"]]
    enough = len(people) >= rule.persons
    decided = Sentence("{decision}", decision=rule.decision) if rule.is_decided else Sentence("not decided yet")
    certificate = here.certificates is not None
    return [
        Step(Sentence("How the commune approves"), decided, rule.is_decided, url_for("approvals.rule")),
        Step(Sentence("People"), Sentence("{count} person(s)", count=len(people)), enough, url_for("people.page")),
        Step(
            Sentence("Safe address for phones and the microphone"),
            Sentence("the certificate is made") if certificate else Sentence("the certificate could not be made"),
            certificate,
            url_for("secure.page"),
        ),
    ]


def _hardware(status: dict[str, Any] | None) -> list[Step]:
    if status is None:
        told = Sentence("The broadcast controller does not answer.")
        return [Step(Sentence("Devices"), told, False)]
    wrong = [fault for fault in status["faults"] if not fault["over"]]
    told = Sentence("{count} fault(s): see Today", count=len(wrong)) if wrong else Sentence("no fault is known")
    if station().settings.simulated:
        told = Sentence("SIMULATED: no real device is connected")
    clusters = status["clusters"]
    heard = sum(bool(one["heard"] and one["heard"]["by_a_person"]) for one in clusters)
    tested = Sentence("{heard} of {count} heard by a person since the start", heard=heard, count=len(clusters))
    return [
        Step(Sentence("Devices"), told, not wrong and not station().settings.simulated, url_for(".hardware")),
        Step(Sentence("A test of each cluster"), tested, heard == len(clusters), url_for("clusters.page")),
    ]
