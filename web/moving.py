"""Moving one session to another time of its day; the others stay."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, time

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import BroadcasterError, RefusedError, UsageError
from broadcaster.model.recurrence import Recurrence
from broadcaster.model.schedule import Schedule
from broadcaster.words import Sentence
from web.programme import known_of
from web.saving import Outcome, check_schedule, submit
from web.speech import tell
from web.station import station

pages = Blueprint("moving", __name__)
_FARTHEST_S = 10 * 366 * 86400


@pages.get("/programme/<schedule_id>/move/<int:due>")
def ask(schedule_id: str, due: int) -> str:
    """Ask for the new time."""
    known, when = _occurrence(schedule_id, due)
    return render_template("programme/move.html", schedule=known, due=due, at=f"{when:%H:%M}", trouble=None)


@pages.post("/programme/<schedule_id>/move/<int:due>")
def move(schedule_id: str, due: int) -> Response | tuple[str, int]:
    """Plan it for the new time; the old one is called off when that is approved."""
    known, when = _occurrence(schedule_id, due)
    at = request.form.get("at", "")
    try:
        rule = Recurrence.once(_time(at), when.date())
        made = replace(
            known,
            id=f"s{secrets.token_hex(6)}",
            recurrence=rule,
            moves=(known.id, float(due)),
            version=1,
            revision=1,
            paused=False,
            author=g.user.id,
        )
        made, asked_at = check_schedule(made)
        outcome = submit(made, None, asked_at)
    except BroadcasterError as error:
        told = {"schedule": known, "due": due, "at": at, "trouble": error.sentence}
        return render_template("programme/move.html", **told), 422
    said = Sentence("Moved: on {day} “{title}” sounds at {at}.", day=f"{when:%d/%m/%Y}", title=known.title, at=at)
    if outcome is Outcome.WAITING:
        said = Sentence("Moving it waits for approval; until then it sounds at {old}.", old=f"{when:%H:%M}")
    tell(said)
    return redirect(url_for("programme.page"))


def _occurrence(schedule_id: str, due: int) -> tuple[Schedule, datetime]:
    known, zone = known_of(schedule_id), station().settings.station.zone
    if known.paused:
        raise RefusedError(Sentence("It is paused: press “Resume” in the programme first."))
    if not 0 <= due - station().clock.now() <= _FARTHEST_S or due not in known.recurrence.between(due - 1, due, zone):
        abort(404)
    return known, datetime.fromtimestamp(due, zone)


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise UsageError(Sentence("Give the time, such as 17:00.")) from None
