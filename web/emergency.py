"""The emergency button, and the stop button: on every page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from broadcaster.errors import RefusedError
from broadcaster.words import Sentence
from web.speech import tell
from web.station import station

pages = Blueprint("emergency", __name__)


@pages.get("/emergency")
def confirm() -> str:
    """For browsers without scripts, which cannot hold a button: ask once more."""
    return render_template("emergency/confirm.html")


@pages.post("/emergency/start")
def start() -> Response | AnyResponse:
    """Siren and message, everywhere, now."""
    told: dict[str, Any] = {"origin": "page", "by": g.user.name}
    if message := request.form.get("message"):
        told["message"] = message
    answer = station().daemon.ask("emergency start", **told)
    return _done(Sentence("EMERGENCY is on air."), id=answer["id"])


@pages.post("/emergency/stop")
def stop_emergency() -> Response | AnyResponse:
    """End the emergency."""
    station().daemon.ask("emergency stop")
    return _done(Sentence("The emergency ends: clusters are being closed."))


@pages.post("/stop")
def stop() -> Response | AnyResponse:
    """Stop what is on air, if it sounds in one's own clusters alone; of others one can silence one's own."""
    here = station()
    current = (here.board.status() or {}).get("current")
    if current is not None and not g.user.may_use(current["clusters"], here.settings.network):
        raise RefusedError(
            Sentence("It sounds in clusters that are not yours as well: silence your own below “The clusters”.")
        )
    here.daemon.ask("stop")
    return _done(Sentence("Stopped: clusters are being closed."))


def _done(sentence: Sentence, **more: object) -> Response | AnyResponse:
    if request.headers.get("X-Requested-With") == "fetch":
        return jsonify(ok=True, **more)
    tell(sentence)
    return redirect(url_for("today.page"))
