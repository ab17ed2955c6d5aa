"""The log: what aired, when, where, with what outcome, and what was on air to hear again."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from broadcaster.model.keeping import Why
from broadcaster.model.naming import OUTCOMES, origin, outcome, verdict
from broadcaster.storage import broadcasts, recordings
from broadcaster.words import Sentence
from web.asked import begin_of, day_of, page_number, search_words
from web.compositions import contents
from web.station import station
from web.wording import clusters

pages = Blueprint("log", __name__)
PAGE = 30
_ID = recordings.NAME
_TYPES = {"wav": "audio/wav", "flac": "audio/flac"}


@pages.get("/log")
def page() -> str:
    """List the broadcasts of a day, or the latest."""
    here = station()
    number = page_number()
    day, trouble = _day(request.args.get("day", ""))
    within = _bounds(day) if day else None
    search = search_words()
    rows = broadcasts.history(here.log_book, PAGE + 1, offset=number * PAGE, within=within, search=search)
    return render_template(
        "log/page.html",
        rows=[_entry(row) for row in rows[:PAGE]],
        contents=contents,
        day=day.isoformat() if day else "",
        trouble=trouble,
        search=search,
        number=number,
        more=len(rows) > PAGE,
    )


@pages.get("/log/<broadcast_id>.wav", defaults={"form": "wav"})
@pages.get("/log/<broadcast_id>.flac", defaults={"form": "flac"})
def air(broadcast_id: str, form: str) -> Response:
    """Play what left for the transmitter, codes included; in the form in which it is there by now."""
    path = recording(broadcast_id)
    if path is None:
        abort(404)
    there = path.suffix[1:]
    if there != form:
        return redirect(url_for(".air", broadcast_id=broadcast_id, form=there))
    return send_file(path, mimetype=_TYPES[form], conditional=True)


@pages.get("/log/heard/<broadcast_id>.wav")
def heard(broadcast_id: str) -> Response:
    """Play the first seconds that the monitor receiver heard of it."""
    path = _clip(broadcast_id)
    if path is None:
        abort(404)
    return send_file(path, mimetype="audio/wav", conditional=True)


def _entry(row: dict[str, Any]) -> dict[str, Any]:
    here = station()
    why = Sentence.from_json(row["verdict_why"]) if row["verdict_why"] else None
    return {
        **row,
        "when": row["on_air_at"] or row["keyed_at"] or row["due"] or row["created"],
        "where": clusters(row["clusters"], here.settings),
        "outcome": OUTCOMES[outcome(row)],
        "well": outcome(row) in ("completed", "ended"),
        "whence": origin(row["origin"]),
        "recording": path.suffix[1:] if (path := recording(row["id"])) else None,
        "removed": None if path else _removed(row),
        "proof": verdict(row["verdict"], why) if row["verdict"] else None,
        "clip": _clip(row["id"]) is not None,
    }


def _clip(broadcast_id: str) -> Path | None:
    path = station().home.air / f"{broadcast_id}.heard.wav"
    return path if _ID.fullmatch(broadcast_id) and path.is_file() else None


def recording(broadcast_id: str) -> Path | None:
    """Return the file that holds what left for the transmitter."""
    return recordings.find(station().home.air, broadcast_id) if _ID.fullmatch(broadcast_id) else None


def _removed(row: dict[str, Any]) -> Sentence | None:
    """Say when the recording of a broadcast was removed, if it was."""
    gone = recordings.removed(station().home.air, row["id"]) if _ID.fullmatch(row["id"]) else None
    if gone is None:
        return None
    days = max(0, int((gone.at - (row["ended_at"] or row["keyed_at"] or gone.at)) // 86400))
    if gone.why is Why.AGE:
        return Sentence("The recording was deleted after {days} days.", days=days)
    return Sentence("The recording was deleted after {days} days, as the disk was full.", days=days)


def _day(text: str) -> tuple[date | None, Sentence | None]:
    try:
        return (day_of(text) if text else None), None
    except ValueError:
        return None, Sentence("Give the day.")


def _bounds(day: date) -> tuple[float, float]:
    return begin_of(day), begin_of(day + timedelta(days=1))
