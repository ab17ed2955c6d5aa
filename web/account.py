"""What is one's own: where one is signed in, and signing out elsewhere."""

from __future__ import annotations

import re

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from broadcaster.storage import sign_ins
from broadcaster.words import Sentence
from web.speech import tell
from web.station import station

pages = Blueprint("account", __name__)
_DEVICES = (
    ("android", Sentence("Android phone")),
    ("iphone|ipad", Sentence("iPhone or iPad")),
    ("windows", Sentence("Windows computer")),
    ("macintosh", Sentence("Mac")),
    ("linux|x11", Sentence("Linux computer")),
)


@pages.get("/account")
def page() -> str:
    """Show who one is, what one may do, and where one is signed in."""
    rows = sign_ins.of_user(station().log_book, g.user.id)
    here = session["token"]
    places = [{**row, "device": device(row["browser"]), "here": sign_ins.is_of(row, here)} for row in rows]
    return render_template("account/page.html", places=places)


@pages.post("/account/end")
def end() -> Response:
    """Sign out one other place, or all others."""
    one = request.form.get("one", "")
    count = sign_ins.end_of_user(station().log_book, g.user.id, one=one, but=session["token"])
    station().remembered.forget_user(g.user.id)
    tell(Sentence("Signed out in {count} place(s).", count=count))
    return redirect(url_for(".page"))


def device(browser: str) -> Sentence:
    """Return what a person calls the device that a browser says it runs on."""
    for pattern, sentence in _DEVICES:
        if re.search(pattern, browser, re.IGNORECASE):
            return sentence
    return Sentence("another device")
