"""No more broadcasts today, in two presses; and back again."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import RefusedError
from broadcaster.storage import day_off
from broadcaster.storage.upcoming import Upcoming, upcoming
from broadcaster.words import Sentence
from web.ribbon import bounds
from web.speech import tell
from web.station import station

pages = Blueprint("day_off", __name__)


@pages.get("/day-off")
def ask() -> str:
    """Say what would not sound, and ask once more."""
    return render_template("today/day_off.html", found=_still_today())


def check_everywhere() -> None:
    """End the request in words for somebody who may use some groups only."""
    if g.user.groups:
        raise RefusedError(Sentence("That concerns every cluster, and only some are yours: ask an administrator."))


@pages.post("/day-off")
def decide() -> Response:
    """Call off everything that is still to come today; an emergency sounds all the same."""
    here, ground = station(), station().ground
    check_everywhere()
    _, midnight = bounds(here.settings.station.zone, ground.now)
    for waiting in day_off.decide(here.log_book, midnight, g.user.name, ground):
        with suppress(RefusedError):  # on air already, or over: the stop button is for that
            here.daemon.ask("cancel", id=waiting, by=g.user.name)
    here.tell_changed()
    tell(Sentence("No more broadcasts today. Tomorrow everything sounds as planned. An emergency sounds all the same."))
    return redirect(url_for("today.page"))


@pages.post("/day-off/take-back")
def take_back() -> Response:
    """Let sound again what was called off."""
    here, ground = station(), station().ground
    check_everywhere()
    _, midnight = bounds(here.settings.station.zone, ground.now)
    count = day_off.take_back(here.log_book, midnight, g.user.name, ground)
    here.tell_changed()
    tell(Sentence("{count} bulletin(s) of today will sound after all.", count=count))
    return redirect(url_for("today.page"))


@pages.get("/day-off/take-back")
def ask_back() -> str:
    """Ask once more."""
    return render_template("today/day_on.html")


def _still_today() -> list[Upcoming]:
    here = station()
    now = here.clock.now()
    return upcoming(here.log_book, here.settings, now, bounds(here.settings.station.zone, now)[1], here.planned.plan())
