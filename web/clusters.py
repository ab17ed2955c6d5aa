"""The clusters: what is known of each, and how; a soft test, and what a person under the pole says.

And silencing one while a bulletin sounds there, in two presses.
"""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import RefusedError
from broadcaster.words import Sentence
from web.speech import tell
from web.station import station

pages = Blueprint("clusters", __name__)


@pages.get("/clusters")
def page() -> str:
    """List them all, with when each was heard by a person."""
    return render_template("clusters/page.html", status=station().board.status())


@pages.post("/clusters/<int:number>/test")
def test(number: int) -> Response:
    """Open one cluster, sound a soft tone, close it; then the page asks what was heard."""
    _mine(number)
    station().daemon.ask("test cluster", cluster=number, by=g.user.name)
    tell(Sentence("A soft tone sounds in cluster {number} ({name}). Listen there!", number=number, name=_name(number)))
    return redirect(url_for(".ask_heard", number=number))


@pages.get("/clusters/<int:number>/heard")
def ask_heard(number: int) -> str:
    """Ask what was heard under the pole."""
    return render_template("clusters/heard.html", number=number, name=_name(number))


@pages.post("/clusters/<int:number>/heard")
def heard(number: int) -> Response:
    """A person was there, and says so."""
    _mine(number)
    was = request.form.get("heard") == "yes"
    station().daemon.ask("cluster heard", cluster=number, heard=was, by=g.user.name)
    told = {"number": number, "name": _name(number)}
    said = Sentence("Noted: cluster {number} ({name}) was not heard. Tell the technician.", **told)
    tell(Sentence("Noted: cluster {number} ({name}) was heard.", **told) if was else said)
    return redirect(url_for(".page"))


@pages.get("/clusters/<int:number>/mute")
def ask_mute(number: int) -> str:
    """Ask once more."""
    _mine(number)
    return render_template("today/mute.html", number=number, name=_name(number))


@pages.post("/clusters/<int:number>/mute")
def mute(number: int) -> Response:
    """Close it for the rest of what is on air."""
    name = _name(number)
    _mine(number)
    station().daemon.ask("mute", cluster=number, by=g.user.name)
    tell(Sentence("Cluster {number} ({name}) is being closed; the others go on.", number=number, name=name))
    return redirect(url_for("today.page", _anchor="h-clusters"))


def _mine(number: int) -> None:
    if not g.user.may_use([number], station().settings.network):
        raise RefusedError(Sentence("This cluster is not yours: ask an administrator."))


def _name(number: int) -> str:
    names = {cluster.number: cluster.name for cluster in station().settings.cluster}
    if number not in names:
        abort(404)
    return names[number]
