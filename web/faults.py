"""Faults: those there were, and saying that one has seen those there are."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from broadcaster.storage import faults
from broadcaster.words import Sentence
from web.asked import page_number
from web.day_off import check_everywhere
from web.speech import tell
from web.station import station

pages = Blueprint("faults", __name__)
PAGE = 40
_STAMP = re.compile(r"\d{8}-\d{6}")


@pages.get("/faults")
def page() -> str:
    """List the faults there were, newest first: since when, until when, who has seen them."""
    number = page_number()
    rows = faults.latest(station().log_book, PAGE + 1, offset=number * PAGE)
    shown = [{**row, "clip": _clip_of(row)} for row in rows[:PAGE]]
    return render_template("faults/page.html", rows=shown, number=number, more=len(rows) > PAGE)


@pages.get("/faults/<stamp>.wav")
def clip(stamp: str) -> Response:
    """Play what the monitor receiver heard of a strange programme."""
    path = _clip(stamp)
    if path is None:
        abort(404)
    return send_file(path, mimetype="audio/wav", conditional=True)


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


def _clip_of(row: dict[str, Any]) -> str | None:
    """Return the time that names the clip of a fault, where there is one."""
    stamp = f"{datetime.fromtimestamp(row['raised_at'], UTC):%Y%m%d-%H%M%S}"
    return stamp if row["kind"] == "foreign programme" and _clip(stamp) else None


def _clip(stamp: str) -> Path | None:
    path = station().home.air / f"foreign-{stamp}.wav"
    return path if _STAMP.fullmatch(stamp) and path.is_file() else None
