"""Saying that one has seen the faults."""

from __future__ import annotations

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.wrappers import Response

from broadcaster.words import Sentence
from web.speech import tell
from web.station import station

pages = Blueprint("faults", __name__)


@pages.post("/faults/seen")
def seen() -> Response:
    """A person has seen them: those that are over go, what they held back goes on."""
    clock = request.form.get("clock") == "right"
    answer = station().daemon.ask("acknowledge", by=g.user.name, clock=clock)
    sentence = (
        Sentence("Noted: you have seen the faults.")
        if answer["seen"] or clock
        else Sentence("That fault still stands.")
    )
    tell(sentence)
    return redirect(url_for("today.page"))
