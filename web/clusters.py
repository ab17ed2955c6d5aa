"""One cluster: silence it while a bulletin sounds there, in two presses."""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import RefusedError
from broadcaster.words import Sentence
from web.speech import tell
from web.station import station

pages = Blueprint("clusters", __name__)


@pages.get("/clusters/<int:number>/mute")
def ask_mute(number: int) -> str:
    """Ask once more."""
    return render_template("today/mute.html", number=number, name=_name(number))


@pages.post("/clusters/<int:number>/mute")
def mute(number: int) -> Response:
    """Close it for the rest of what is on air."""
    name = _name(number)
    if not g.user.may_use([number], station().settings.network):
        raise RefusedError(Sentence("This cluster is not yours: ask an administrator."))
    station().daemon.ask("mute", cluster=number, by=g.user.name)
    tell(Sentence("Cluster {number} ({name}) is being closed; the others go on.", number=number, name=name))
    return redirect(url_for("today.page"))


def _name(number: int) -> str:
    names = {cluster.number: cluster.name for cluster in station().settings.cluster}
    if number not in names:
        abort(404)
    return names[number]
