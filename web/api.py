"""What other programs may read: the programme and the log as JSON, described by OpenAPI.

Like ``/api/status``: signed in, or from the station's own computer. Nothing can be changed here.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for

from broadcaster.errors import UsageError
from broadcaster.storage import broadcasts, recordings
from broadcaster.storage.upcoming import upcoming
from broadcaster.words import Sentence
from web import log as log_pages
from web.asked import begin_of, day_of
from web.speech import chosen
from web.station import station

pages = Blueprint("api", __name__)
PAGE = 100
_MOST_DAYS = 60
_MOST_PAGES = 100_000
_DAY = {"type": "string", "format": "date"}


@pages.get("/api/programme")
def programme() -> Response:
    """Return what will sound in the next ``days`` (1 to 60; 7)."""
    here, now = station(), station().clock.now()
    found = upcoming(
        here.log_book, here.settings, now, now + _number("days", 7, 1, _MOST_DAYS) * 86400, here.planned.plan()
    )
    told = [
        {
            "due": one.due,
            "title": one.title,
            "clusters": sorted(one.clusters),
            "duration_s": one.seconds,
            "schedule": one.schedule.id if one.schedule else None,
            "trouble": one.trouble.to(chosen()) if one.trouble else None,
        }
        for one in found
    ]
    return jsonify(simulated=here.settings.simulated, broadcasts=told)


@pages.get("/api/log")
def log() -> Response:
    """Return the broadcasts of a ``day``, else the latest; a hundred a ``page``."""
    here, number = station(), _number("page", 0, 0, _MOST_PAGES)
    rows = broadcasts.history(here.log_book, PAGE, offset=number * PAGE, within=_day())
    names = ("id", "title", "clusters", "priority", "origin", "state", "due", "keyed_at", "on_air_at", "ended_at")
    more = ("sounded_s", "asked_by", "approved_by", "verdict")
    said = {"reason", "verdict_why"}
    told = [
        {
            **{name: row[name] for name in (*names, *more)},
            **{name: _said(row[name]) for name in said},
            **_recording(row["id"]),
        }
        for row in rows
    ]
    return jsonify(simulated=here.settings.simulated, broadcasts=told)


@pages.get("/api/openapi.json")
def openapi() -> Response:
    """Describe all that can be read, for programs."""
    days = {"type": "integer", "minimum": 1, "maximum": _MOST_DAYS, "default": 7}
    leaf = {"type": "integer", "minimum": 0, "maximum": _MOST_PAGES, "default": 0}
    paths = {
        "/healthz": _described("Is the controller alive?", 503),
        "/api/status": _described("Controller, transmitter, clusters, current and next broadcast, faults", 503),
        "/api/programme": _described("What will sound", 422, 503, days=days),
        "/api/log": _described("What sounded, or did not, and why", 422, 503, day=_DAY, page=leaf),
        "/api/openapi.json": _described("This description"),
    }
    return jsonify(openapi="3.1.0", info={"title": "Broadcaster", "version": "1"}, paths=paths)


def _described(summary: str, *failures: int, **query: dict[str, Any]) -> dict[str, Any]:
    answer = {"content": {"application/json": {"schema": {"type": "object"}}}}
    answers = {str(status): {"description": "as it says", **answer} for status in (200, *failures)}
    wanted = [{"name": name, "in": "query", "required": False, "schema": schema} for name, schema in query.items()]
    return {"get": {"summary": summary, "parameters": wanted, "responses": answers}}


def _number(name: str, usual: int, least: int, most: int) -> int:
    text = request.args.get(name)
    if text is None:
        return usual
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else least - 1
    if not least <= number <= most:
        raise UsageError(Sentence("{name} is a number from {least} to {most}.", name=name, least=least, most=most))
    return number


def _day() -> tuple[float, float] | None:
    text = request.args.get("day")
    if text is None:
        return None
    try:
        day = day_of(text)
    except ValueError:
        raise UsageError(Sentence("{name} is a day such as 2026-11-23.", name="day")) from None
    return begin_of(day), begin_of(day + timedelta(days=1))


def _recording(broadcast_id: str) -> dict[str, Any]:
    """Say where what was on air can be heard, or since when (Unix seconds) it is removed."""
    path = log_pages.recording(broadcast_id)
    gone = None if path else recordings.removed(station().home.air, broadcast_id)
    url = url_for("log.air", broadcast_id=broadcast_id, form=path.suffix[1:]) if path else None
    return {"recording": url, "recording_removed_at": gone.at if gone else None}


def _said(reason: Any) -> str | None:
    return Sentence.from_json(reason).to(chosen()) if reason else None
