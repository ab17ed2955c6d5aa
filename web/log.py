"""The log: what aired, when, where, with what outcome, and what was on air to hear again."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, render_template, request, send_file
from werkzeug.wrappers import Response

from broadcaster.model.naming import OUTCOMES, origin, verdict
from broadcaster.storage import broadcasts
from broadcaster.words import Sentence
from web.asked import begin_of, day_of, page_number, search_words
from web.station import station
from web.wording import clusters

pages = Blueprint("log", __name__)
PAGE = 30
_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")


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
        day=day.isoformat() if day else "",
        trouble=trouble,
        search=search,
        number=number,
        more=len(rows) > PAGE,
    )


@pages.get("/log/<broadcast_id>.wav")
def air(broadcast_id: str) -> Response:
    """Play what left for the transmitter, codes included."""
    path = _recording(broadcast_id)
    if path is None:
        abort(404)
    return send_file(path, mimetype="audio/wav", conditional=True)


@pages.get("/log/heard/<broadcast_id>.wav")
def heard(broadcast_id: str) -> Response:
    """Play the first seconds that the monitor receiver heard of it."""
    path = _recording(broadcast_id, ".heard.wav")
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
        "outcome": OUTCOMES[row["state"]],
        "whence": origin(row["origin"]),
        "heard": _recording(row["id"]) is not None,
        "proof": verdict(row["verdict"], why) if row["verdict"] else None,
        "clip": _recording(row["id"], ".heard.wav") is not None,
    }


def _recording(broadcast_id: str, kind: str = ".wav") -> Path | None:
    if not _ID.fullmatch(broadcast_id):
        return None
    path = station().home.air / f"{broadcast_id}{kind}"
    return path if path.is_file() else None


def _day(text: str) -> tuple[date | None, Sentence | None]:
    try:
        return (day_of(text) if text else None), None
    except ValueError:
        return None, Sentence("Give the day.")


def _bounds(day: date) -> tuple[float, float]:
    return begin_of(day), begin_of(day + timedelta(days=1))
