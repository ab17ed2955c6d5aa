"""The programme: what is scheduled, paused or about to sound in the next seven days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import RefusedError
from broadcaster.model.schedule import Schedule
from broadcaster.storage import schedules
from broadcaster.storage.upcoming import Upcoming, upcoming
from broadcaster.words import Sentence
from web.speech import tell
from web.station import station
from web.wording import WEEKDAYS

pages = Blueprint("programme", __name__)
_WEEK_S = 7 * 86400.0


@pages.get("/programme")
def page() -> str:
    """List the schedules that still have something to come, then the next seven days."""
    here = station()
    now, zone = here.clock.now(), here.settings.station.zone
    known = [(one, one.recurrence.next(now, zone)) for one in schedules.current(here.log_book)]
    coming = sorted(((one, due) for one, due in known if due is not None), key=lambda pair: pair[1])
    over = [one for one, due in known if due is None]
    week = _by_day(upcoming(here.log_book, here.settings, now, now + _WEEK_S))
    return render_template("programme/page.html", coming=coming, over=over, week=week, weekdays=WEEKDAYS)


@pages.post("/programme/<schedule_id>/pause")
def pause(schedule_id: str) -> Response:
    """Let it not sound for the time being."""
    return _set_paused(schedule_id, paused=True)


@pages.post("/programme/<schedule_id>/resume")
def resume(schedule_id: str) -> Response:
    """Let it sound again, from now on."""
    return _set_paused(schedule_id, paused=False)


@pages.get("/programme/<schedule_id>/delete")
def ask_delete(schedule_id: str) -> str:
    """Ask once more."""
    return render_template("programme/delete.html", schedule=_known(schedule_id))


@pages.post("/programme/<schedule_id>/delete")
def delete(schedule_id: str) -> Response:
    """Let it sound no more."""
    here, known = station(), _known(schedule_id)
    schedules.remove(here.log_book, known.id, _revision(known), g.user.name, here.ground)
    here.tell_changed()
    tell(Sentence("Deleted: “{title}” sounds no more.", title=known.title))
    return redirect(url_for(".page"))


@pages.post("/programme/cancel/<broadcast_id>")
def cancel(broadcast_id: str) -> Response:
    """Let one broadcast that waits for its time not sound."""
    here = station()
    here.daemon.ask("cancel", id=broadcast_id, by=g.user.name)
    here.board.forget()
    tell(Sentence("Cancelled: it will not sound."))
    return redirect(url_for(".page"))


def _set_paused(schedule_id: str, *, paused: bool) -> Response:
    here, known = station(), _known(schedule_id)
    made = replace(known, paused=paused, revision=_revision(known))
    schedules.change(here.log_book, made, g.user.name, here.ground)
    here.tell_changed()
    said = Sentence("Paused: “{title}” does not sound until you resume it.", title=known.title)
    if not paused:
        said = Sentence("Resumed: “{title}” sounds again.", title=known.title)
    tell(said)
    return redirect(url_for(".page"))


def _known(schedule_id: str) -> Schedule:
    known = schedules.get(station().log_book, schedule_id)
    if known is None:
        if request.method == "POST":
            raise RefusedError(Sentence("Somebody else has deleted this bulletin meanwhile: nothing was saved."))
        abort(404)
    return known


def _revision(known: Schedule) -> int:
    """Return the revision that was on the page."""
    told = request.form.get("revision", "")
    return int(told) if told.isdecimal() else known.revision


def _by_day(found: list[Upcoming]) -> dict[date, list[Upcoming]]:
    zone = station().settings.station.zone
    days: dict[date, list[Upcoming]] = {}
    for one in found:
        days.setdefault(datetime.fromtimestamp(one.due, zone).date(), []).append(one)
    return days
