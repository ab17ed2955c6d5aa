"""The audit: who changed what, when, from what to what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template

from broadcaster.model.approval import Standing
from broadcaster.model.priority import Priority
from broadcaster.model.roles import Role
from broadcaster.storage import audit
from broadcaster.words import Sentence
from web.asked import page_number, search_words
from web.items import ITEM_CLASSES, ITEM_LANGUAGES
from web.sounds import name_of
from web.station import station
from web.wording import WEEKDAYS

pages = Blueprint("audit", __name__)
PAGE = 50
WHAT = {
    "bulletin made": Sentence("Bulletin made"),
    "bulletin changed": Sentence("Bulletin changed"),
    "bulletin deleted": Sentence("Bulletin deleted"),
    "bulletin restored": Sentence("Bulletin restored"),
    "approved": Sentence("Approved"),
    "returned": Sentence("Returned"),
    "approval taken back": Sentence("Approval taken back"),
    "approval rule": Sentence("How many persons approve"),
    "person added": Sentence("Person added"),
    "person changed": Sentence("Role or groups changed"),
    "person locked out": Sentence("Person locked out"),
    "one-time password": Sentence("One-time password given"),
    "duty sheet": Sentence("Code for the duty sheet made"),
    "duty code used": Sentence("Code of the duty sheet used"),
    "day called off": Sentence("Rest of the day called off"),
    "day taken back": Sentence("Calling off taken back"),
    "cluster silenced": Sentence("Cluster silenced"),
    "session moved": Sentence("One session moved"),
    "sounded at once": Sentence("Handed over to sound at once"),
    "countersigned": Sentence("Emergency countersigned"),
    "station set": Sentence("Setting of the station changed"),
    "glossary": Sentence("How words are read"),
}
_FIELDS = {
    "title": Sentence("Name"),
    "name": Sentence("Name of the station"),
    "office": Sentence("Office"),
    "timezone": Sentence("Time zone"),
    "technician_phone": Sentence("The technician's telephone"),
    "reading": Sentence("How it is read"),
    "heard": Sentence("Listened to the end before"),
    "quiet_from": Sentence("Quiet hours from"),
    "quiet_until": Sentence("Quiet hours until"),
    "text": Sentence("Text"),
    "sound": Sentence("Sound"),
    "target": Sentence("Where"),
    "at": Sentence("Time"),
    "first": Sentence("First day"),
    "last": Sentence("Last day"),
    "weekdays": Sentence("Days"),
    "priority": Sentence("How urgent"),
    "late_after_s": Sentence("At most late (seconds)"),
    "paused": Sentence("Paused"),
    "at_once": Sentence("At once"),
    "item_class": Sentence("Whose"),
    "requester": Sentence("Asked for by"),
    "language": Sentence("Language"),
    "note": Sentence("Note"),
    "cluster": Sentence("Cluster"),
    "role": Sentence("Role"),
    "groups": Sentence("Groups"),
}
_FLAGS = frozenset(["paused", "at_once"])
_NAMED: dict[str, Mapping[Any, Sentence]] = {
    "priority": {one.word: one.sentence for one in Priority},
    "role": {one.value: one.sentence for one in Role},
    "item_class": ITEM_CLASSES,
    "language": ITEM_LANGUAGES,
    "standing": {one.value: one.sentence for one in Standing},
}


@pages.get("/audit")
def page() -> str:
    """List the changes, newest first; those of a person or a bulletin, if asked."""
    number, search = page_number(), search_words()
    rows = audit.latest(station().log_book, PAGE + 1, offset=number * PAGE, search=search)
    shown = [
        {**row, "before": _said(row["before"]), "after": _said(row["after"], row["before"])} for row in rows[:PAGE]
    ]
    return render_template(
        "audit/page.html", rows=shown, more=len(rows) > PAGE, number=number, search=search, what=WHAT
    )


def _said(values: Mapping[str, Any] | None, other: object = True) -> list[tuple[Sentence, Sentence]]:
    """Of what is new altogether, only what it has."""
    known = [(name, value) for name, value in (values or {}).items() if name in _FIELDS and (other or value)]
    return [(_FIELDS[name], _value(name, value)) for name, value in known]


def _value(name: str, value: Any) -> Sentence:
    if name in _FLAGS:
        return Sentence("yes") if value else Sentence("no")
    if name == "target" and isinstance(value, dict):
        if value.get("all"):
            return Sentence("the whole commune")
        return Sentence("{text}", text=value.get("group") or ", ".join(map(str, value.get("clusters", []))))
    if name == "sound":
        return Sentence("{text}", text=name_of(str(value)) or str(value)[:8])
    if name == "weekdays" and isinstance(value, list):
        return _days([day for day in value if day in range(7)])
    if isinstance(value, str) and value in _NAMED.get(name, {}):
        return _NAMED[name][value]
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    return Sentence("{text}", text="—" if value in (None, "") else value)


def _days(numbers: list[int]) -> Sentence:
    if len(numbers) == 7:
        return Sentence("every day")
    if not numbers:
        return Sentence("{text}", text="—")
    first, rest = WEEKDAYS[numbers[0]], numbers[1:]
    return Sentence("{first}, {rest}", first=first, rest=_days(rest)) if rest else first
