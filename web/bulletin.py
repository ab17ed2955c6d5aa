"""New bulletin, and changing one: what, where, when; listen before it is saved."""

from __future__ import annotations

import secrets
from dataclasses import replace

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from broadcaster.errors import BroadcasterError, ControlError, SoundError, StorageError
from broadcaster.model.priority import Priority
from broadcaster.model.schedule import Schedule
from broadcaster.storage import schedules
from broadcaster.words import Sentence
from web import signing
from web.form import NOW, BulletinForm
from web.overlap import overlap
from web.sounds import asset_of, name_of, typed
from web.speech import tell
from web.station import station
from web.wording import clusters, rule

pages = Blueprint("bulletin", __name__)


@pages.get("/bulletin")
def new() -> str:
    """Show an empty form, or what was typed when the sign-in ran out."""
    here, kept = station(), signing.take_kept()
    form = BulletinForm.typed(kept) if kept else BulletinForm.blank(here.settings, here.clock.now())
    return _show(form)


@pages.post("/bulletin")
def save() -> str | AnyResponse | tuple[str, int]:
    """Save, or only make the sound ready for listening; nothing is half saved."""
    form = typed()
    if request.form.get("do") == "listen" or form.troubles:
        return _listen(form)
    here = station()
    form.check(here.settings, here.clock.now())
    if form.troubles:
        return _show(form), 422
    try:
        return _announce(form) if form.when == NOW else _keep(form, None)
    except (ControlError, StorageError) as error:
        form.troubles["all"] = error.sentence
        return _show(form), 503
    except BroadcasterError as error:
        form.troubles["when" if form.when != NOW else "all"] = error.sentence
        return _show(form), 422


@pages.get("/programme/<schedule_id>")
def edit(schedule_id: str) -> str:
    """Show a schedule for changing it."""
    here, kept = station(), signing.take_kept()
    known = schedules.get(here.log_book, schedule_id) or abort(404)
    form = BulletinForm.typed(kept) if kept else BulletinForm.of(known, here.settings, name_of(known.sound))
    return _show(form, known)


@pages.post("/programme/<schedule_id>")
def change(schedule_id: str) -> str | AnyResponse | tuple[str, int]:
    """Change a schedule, unless somebody else has meanwhile."""
    here = station()
    known = schedules.get(here.log_book, schedule_id)
    form = typed()
    if known is None:
        form.troubles["all"] = Sentence("Somebody else has deleted this bulletin meanwhile: nothing was saved.")
        return _show(form), 409
    if request.form.get("do") == "listen" or form.troubles:
        return _listen(form, known)
    form.check(here.settings, here.clock.now())
    if form.troubles:
        return _show(form, known), 422
    try:
        return _keep(form, known)
    except BroadcasterError as error:
        form.troubles["all" if isinstance(error, (ControlError, StorageError)) else "when"] = error.sentence
        return _show(form, known), 422


def _listen(form: BulletinForm, known: Schedule | None = None) -> str | tuple[str, int]:
    try:
        heard = "" if form.troubles else asset_of(form)
    except SoundError as error:
        form.troubles["text" if form.kind == "text" else "file"] = error.sentence
        heard = ""
    shown = _show(form, known, heard=heard)
    return (shown, 422) if form.troubles else shown


def _announce(form: BulletinForm) -> AnyResponse:
    here = station()
    target = form.target(here.settings).as_request()
    about = {"title": form.title, "priority": form.priority, "origin": "page", "by": g.user.name}
    here.daemon.ask("announce", sound=asset_of(form), **about, **target)
    tell(Sentence("“{title}” sounds as soon as the air is free.", title=form.title))
    return redirect(url_for("today.page"))


def _keep(form: BulletinForm, known: Schedule | None) -> str | AnyResponse | tuple[str, int]:
    here = station()
    made, asked_at = _schedule(form, known)
    if (found := overlap(made)) is not None and form.overlap_seen != found.key:
        form.troubles["overlap"] = found.sentence
        form.overlap_seen = found.key
        return _show(form, known), 409
    if known is None:
        schedules.add(here.log_book, made, g.user.name, asked_at)
    else:
        schedules.change(here.log_book, made, g.user.name, replace(here.ground, now=asked_at))
    here.tell_changed()
    where = clusters(made.target.within(here.settings.network), here.settings)
    told = {"title": made.title, "when": rule(made.recurrence), "where": where}
    tell(Sentence("Saved. “{title}” sounds {when}, in {where}.", **told))
    return redirect(url_for("programme.page"))


def _schedule(form: BulletinForm, known: Schedule | None) -> tuple[Schedule, float]:
    """Return the schedule that was asked for, measured and allowed by the daemon, and the time of its answer."""
    here, recurrence = station(), form.recurrence
    target, sound = form.target(here.settings), asset_of(form)
    measured = here.daemon.ask(
        "check schedule",
        sound=sound,
        at=recurrence.at.isoformat(),
        first=recurrence.first.isoformat(),
        last=recurrence.last.isoformat() if recurrence.last else None,
        weekdays=sorted(recurrence.weekdays),
        **target.as_request(),
    )
    made = Schedule(
        id=known.id if known else f"s{secrets.token_hex(6)}",
        title=form.title.strip(),
        sound=sound,
        target=target,
        recurrence=recurrence,
        priority=Priority.of(form.priority),
        text=form.text.strip() if form.kind == "text" else "",
        late_after=float(form.late_after) * 60,
        duration=measured["duration"],
        before=measured["before"],
        after=measured["after"],
        paused=known.paused if known else False,
        revision=int(form.revision) if known and form.revision.isdecimal() else 0,
    )
    return made, float(measured["now"])


def _show(form: BulletinForm, known: Schedule | None = None, *, heard: str = "") -> str:
    return render_template("bulletin/form.html", form=form, known=known, heard=heard or form.sound, asked=bool(heard))
