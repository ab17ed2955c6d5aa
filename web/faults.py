"""Faults: those there were, and saying that one has seen those there are."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.storage import faults
from broadcaster.words import Sentence
from web.asked import page_number
from web.day_off import check_everywhere
from web.speech import tell
from web.station import station

pages = Blueprint("faults", __name__)
PAGE = 40


@pages.get("/faults")
def page() -> str:
    """List the faults there were, newest first: since when, until when, who has seen them."""
    number = page_number()
    rows = faults.latest(station().log_book, PAGE + 1, offset=number * PAGE)
    return render_template("faults/page.html", rows=rows[:PAGE], number=number, more=len(rows) > PAGE)


@pages.post("/faults/seen")
def seen() -> Response:
    """A person has seen them: those that are over go, what they held back goes on."""
    check_everywhere()
    clock = request.form.get("clock") == "right"
    answer = station().daemon.ask("acknowledge", by=g.user.name, clock=clock)
    sentence = (
        Sentence("Noted: you have seen the faults.")
        if answer["seen"] or clock
        else Sentence("That fault still stands.")
    )
    tell(sentence)
    return redirect(url_for("today.page"))
