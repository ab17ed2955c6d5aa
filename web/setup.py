"""Setting up, step by step: what a new station wants done once, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, url_for

from broadcaster.storage import approvals, users
from broadcaster.words import Sentence
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
    return render_template("setup/page.html", steps=[*_station(), *_people(), *_hardware(status)], status=status)


def _station() -> list[Step]:
    settings = station().settings
    quiet = settings.quiet_hours
    name = Sentence("{name}, time zone {zone}", name=settings.station.name, zone=settings.station.timezone)
    hours = Sentence("{begin} to {end}", begin=f"{quiet.start:%H:%M}", end=f"{quiet.end:%H:%M}")
    if quiet.start == quiet.end:
        hours = Sentence("none: bulletins may sound all night")
    return [
        Step(Sentence("Name and time zone"), name, None),
        Step(Sentence("Quiet hours"), hours, quiet.start != quiet.end),
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
        Step(Sentence("Devices"), told, not wrong and not station().settings.simulated, url_for("faults.page")),
        Step(Sentence("A test of each cluster"), tested, heard == len(clusters), url_for("clusters.page")),
    ]
