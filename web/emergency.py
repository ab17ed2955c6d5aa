"""The emergency button, and the stop button: on every page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

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
    return _done(Sentence("Sent. The transmitter is being switched on…"), id=answer["id"])


@pages.post("/emergency/stop")
def stop_emergency() -> Response | AnyResponse:
    """End the emergency."""
    station().daemon.ask("emergency stop", by=g.user.name)
    return _done(Sentence("The emergency ends: clusters are being closed."))


@pages.post("/stop")
def stop() -> Response | AnyResponse:
    """Stop what is on air, if it sounds in one's own clusters alone; of others one can silence one's own.

    The controller decides: only it knows what is on air at that moment.
    """
    here = station()
    mine = [one for one in here.settings.network.numbers if g.user.may_use([one], here.settings.network)]
    here.daemon.ask("stop", by=g.user.name, within=mine if g.user.groups else None)
    return _done(Sentence("Stopped: clusters are being closed."))


def _done(sentence: Sentence, **more: object) -> Response | AnyResponse:
    if request.headers.get("X-Requested-With") == "fetch":
        return jsonify(ok=True, **more)
    tell(sentence)
    return redirect(url_for("today.page"))
