"""Drafts save themselves: the page's script sends what is typed, now and then."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, g, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from broadcaster.storage import drafts, schedules
from broadcaster.words import Sentence
from web.form import BulletinForm
from web.speech import chosen
from web.station import station

pages = Blueprint("drafts", __name__)
_NOT_KEPT = frozenset(["csrf_token", "do", "file", "place", "overlap_seen"])
_MOST = 200_000


@pages.post("/bulletin/draft")
def keep() -> tuple[Response, int] | Response:
    """Keep what is typed just now."""
    here, now = station(), station().clock.now()
    if (request.content_length or 0) > _MOST:
        return jsonify(ok=False, error=Sentence("The text is too long.").to(chosen())), 413
    place = request.form.get("place", drafts.NEW)
    if place != drafts.NEW and schedules.get(here.log_book, place) is None:
        abort(404)
    keep_typed(place)
    return jsonify(ok=True, at=f"{here.local(now):%H:%M}")


@pages.post("/bulletin/draft/discard")
def discard() -> AnyResponse:
    """Throw the draft away, and begin anew."""
    drafts.discard(station().log_book, g.user.id, drafts.NEW)
    return redirect(url_for("bulletin.new"))


def keep_typed(place: str, changed: dict[str, list[str]] | None = None) -> None:
    """Keep what this request holds, but for what has changed since. Raises ``StorageError``."""
    typed = {name: values for name, values in request.form.to_dict(flat=False).items() if name not in _NOT_KEPT}
    drafts.keep(station().log_book, g.user.id, place[:64], typed | (changed or {}), station().clock.now())


def kept(place: str) -> tuple[BulletinForm, float] | None:
    """Return the form with what was typed, and when. Raises ``StorageError``."""
    found = drafts.get(station().log_book, g.user.id, place)
    return (BulletinForm.typed(_lists(found[0])), found[1]) if found else None


def _lists(typed: dict[str, Any]) -> dict[str, list[str]]:
    return {name: [str(one) for one in values] for name, values in typed.items() if isinstance(values, list)}
