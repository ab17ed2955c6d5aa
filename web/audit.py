"""The audit: who changed what, when, from what to what."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from broadcaster.storage import audit
from broadcaster.words import Sentence
from web.station import station

pages = Blueprint("audit", __name__)
PAGE = 50
WHAT = {
    "bulletin made": Sentence("Bulletin made"),
    "bulletin changed": Sentence("Bulletin changed"),
    "bulletin deleted": Sentence("Bulletin deleted"),
    "bulletin restored": Sentence("Bulletin restored"),
    "approved": Sentence("Approved"),
    "returned": Sentence("Returned"),
    "approval rule": Sentence("How many persons approve"),
    "person added": Sentence("Person added"),
    "person changed": Sentence("Role or groups changed"),
    "person locked out": Sentence("Person locked out"),
    "one-time password": Sentence("One-time password given"),
    "duty sheet": Sentence("Code for the duty sheet made"),
    "duty code used": Sentence("Code of the duty sheet used"),
    "day called off": Sentence("Rest of the day called off"),
    "day taken back": Sentence("Calling off taken back"),
    "countersigned": Sentence("Emergency countersigned"),
}


@pages.get("/audit")
def page() -> str:
    """List the changes, newest first; those of a person or a bulletin, if asked."""
    number, search = max(0, request.args.get("page", 0, type=int)), request.args.get("search", "").strip()[:100]
    rows = audit.latest(station().log_book, PAGE + 1, offset=number * PAGE, search=search)
    shown = {"rows": rows[:PAGE], "more": len(rows) > PAGE}
    return render_template("audit/page.html", **shown, number=number, search=search, what=WHAT)
