"""The programme: what is scheduled, paused or about to sound in the next seven days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import RefusedError, UsageError
from broadcaster.model.schedule import Schedule
from broadcaster.storage import broadcasts, schedules
from broadcaster.storage.upcoming import Upcoming, upcoming
from broadcaster.words import Sentence
from web.asked import begin_of, day_of, page_number, search_words
from web.compositions import contents
from web.ribbon import bounds
from web.speech import tell
from web.station import station
from web.wording import WEEKDAYS

pages = Blueprint("programme", __name__)
PAGE = 40
_DAYS = 7


@pages.get("/programme")
def page() -> str:
    """List the schedules that still have something to come, then the next seven days; or what a search finds."""
    here, search, number = station(), search_words(), page_number()
    found = [pair for pair in here.planned.coming() if search.casefold() in pair[1].title.casefold()]
    week = None if search or number else _week(here.clock.now())
    return render_template(
        "programme/page.html",
        first={one.schedule.id: one.due for one in reversed(week or []) if one.schedule},
        coming=found[number * PAGE : (number + 1) * PAGE],
        more=len(found) > (number + 1) * PAGE,
        number=number,
        search=search,
        over=_over(search),
        states=here.planned.plan().states,
        contents=contents,
        week=None if week is None else _by_day(week),
        weekdays=WEEKDAYS,
    )


@pages.get("/programme/week")
def week() -> str:
    """One sheet for the wall: seven days from today, or from the day asked for."""
    here = station()
    try:
        begin = begin_of(day_of(request.args.get("from", "")))
    except ValueError:
        begin, _ = bounds(here.settings.station.zone, here.clock.now())
    today = datetime.fromtimestamp(begin, here.settings.station.zone).date()
    found = _by_day([one for one in _week(max(begin, here.clock.now())) if one.approved])
    days = [today + timedelta(days=number) for number in range(_DAYS)]
    rows = [(day, found.get(day, [])) for day in days]
    after = today + timedelta(days=_DAYS)
    return render_template("programme/week.html", days=rows, weekdays=WEEKDAYS, following=after.isoformat())


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
    known = known_of(schedule_id)
    return render_template("programme/delete.html", schedule=known, sounds=station().still_sounds(known.id))


@pages.post("/programme/<schedule_id>/delete")
def delete(schedule_id: str) -> Response:
    """Let it sound no more."""
    here, known = station(), known_of(schedule_id)
    schedules.remove(
        here.log_book, known.id, revision_of(request.form.get("revision", ""), known.revision), g.user, here.ground
    )
    here.tell_changed()
    undo = "" if known.at_once else url_for(".restore", schedule_id=known.id)
    tell(unless_it_sounds(known, Sentence("Deleted: “{title}” sounds no more.", title=known.title)), undo=undo)
    return redirect(url_for(".page"))


@pages.post("/programme/<schedule_id>/restore")
def restore(schedule_id: str) -> Response:
    """Take back that it was deleted."""
    here = station()
    gone = schedules.get(here.log_book, schedule_id, removed=True)
    if gone is None or gone.at_once:  # what sounded at once has sounded
        raise RefusedError(Sentence("There is nothing to bring back."))
    _check_mine(gone.target.within(here.settings.network))
    here.library.get(gone.sound)
    schedules.restore(here.log_book, schedule_id, g.user, here.ground)
    here.tell_changed()
    tell(Sentence("It is back in the programme."))
    return redirect(url_for(".page"))


@pages.post("/programme/cancel/<broadcast_id>")
def cancel(broadcast_id: str) -> Response:
    """Let one broadcast that waits for its time not sound."""
    here = station()
    row = broadcasts.get(here.log_book, broadcast_id) or abort(404)
    _check_mine(row["clusters"])
    here.daemon.ask("cancel", id=broadcast_id, by=g.user.name)
    here.board.forget()
    tell(Sentence("Cancelled: it will not sound."))
    return redirect(url_for(".page"))


def known_of(schedule_id: str) -> Schedule:
    """Return a schedule that the user may change, or end the request in words."""
    here = station()
    known = schedules.get(here.log_book, schedule_id)
    if known is None:
        if request.method == "POST":
            raise RefusedError(Sentence("Somebody else has deleted this bulletin meanwhile: nothing was saved."))
        abort(404)
    try:
        clusters = known.target.within(here.settings.network)
    except UsageError:  # the configuration has changed since
        clusters = frozenset()
    _check_mine(clusters)
    return known


def unless_it_sounds(schedule: Schedule, said: Sentence) -> Sentence:
    """Return what is said of a bulletin that is to sound no more; what is on air goes on to its end."""
    if not station().still_sounds(schedule.id):
        return said
    return Sentence("{said} But it is on air just now: to end that at once, press “Stop what is on air”.", said=said)


def _check_mine(clusters: Iterable[int]) -> None:
    if not g.user.may_use(clusters, station().settings.network):
        raise RefusedError(Sentence("This bulletin sounds in clusters that are not yours: ask an administrator."))


def revision_of(told: str, otherwise: int = 0) -> int:
    """Return the revision that was on the page."""
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else otherwise


def _set_paused(schedule_id: str, *, paused: bool) -> Response:
    here, known = station(), known_of(schedule_id)
    made = replace(known, paused=paused, revision=revision_of(request.form.get("revision", ""), known.revision))
    schedules.change(here.log_book, made, g.user, here.ground)
    here.tell_changed()
    said = unless_it_sounds(known, Sentence("Paused: “{title}” does not sound until you resume it.", title=known.title))
    if not paused:
        said = Sentence("Resumed: “{title}” sounds again.", title=known.title)
    tell(said, undo=url_for(".resume" if paused else ".pause", schedule_id=known.id))
    return redirect(url_for(".page"))


def _over(search: str) -> list[Schedule]:
    here, now = station(), station().clock.now()
    found = schedules.find(here.log_book, search, PAGE, before=now)
    zone = here.settings.station.zone
    return [one for one in found if not one.at_once and one.recurrence.next(now, zone) is None]


def _week(after: float) -> list[Upcoming]:
    here = station()
    return upcoming(here.log_book, here.settings, after, after + _DAYS * 86400.0, here.planned.plan())


def _by_day(found: list[Upcoming]) -> dict[date, list[Upcoming]]:
    zone = station().settings.station.zone
    days: dict[date, list[Upcoming]] = {}
    for one in found:
        days.setdefault(datetime.fromtimestamp(one.due, zone).date(), []).append(one)
    return days
