"""People: who may sign in, in which role, for which groups of clusters; the duty sheet."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import UsageError
from broadcaster.model.roles import Role
from broadcaster.storage import users
from broadcaster.words import Sentence
from web.speech import tell
from web.station import station

pages = Blueprint("people", __name__)


@pages.get("/people")
def page() -> str:
    """List everybody; add somebody."""
    return _page()


@pages.post("/people")
def add() -> str | tuple[str, int]:
    """Add somebody; the one-time password is shown once."""
    here, name = station(), request.form.get("name", "")
    try:
        password = users.add(here.log_book, name, here.clock.now(), **_rights(), by=g.user.name)
    except UsageError as error:
        return _page(trouble=error.sentence, typed=name), 422
    return render_template("people/password.html", name=name.strip(), password=password)


@pages.get("/people/<int:user_id>")
def one(user_id: int) -> str:
    """Show one person for changing."""
    return render_template("people/one.html", person=_known(user_id), roles=Role)


@pages.post("/people/<int:user_id>")
def assign(user_id: int) -> Response:
    """Give somebody another role or other groups."""
    here, person = station(), _known(user_id)
    users.assign(here.log_book, person["name"], by=g.user.name, now=here.clock.now(), **_rights())
    here.remembered.forget_user(user_id)
    tell(Sentence("Saved: {name}.", name=person["name"]))
    return redirect(url_for(".page"))


@pages.post("/people/<int:user_id>/reset")
def reset(user_id: int) -> str:
    """Give somebody a new one-time password, and let them in again."""
    here, person = station(), _known(user_id)
    password = users.reset(here.log_book, person["name"], here.clock.now(), g.user.name)
    here.remembered.forget_user(user_id)
    return render_template("people/password.html", name=person["name"], password=password)


@pages.post("/people/<int:user_id>/disable")
def disable(user_id: int) -> Response:
    """Let somebody sign in no more."""
    here, person = station(), _known(user_id)
    users.disable(here.log_book, person["name"], here.clock.now(), g.user.name)
    here.remembered.forget_user(user_id)
    tell(Sentence("{name} can sign in no more.", name=person["name"]))
    return redirect(url_for(".page"))


@pages.get("/people/duty-sheet")
def duty_sheet() -> str:
    """Say what the duty sheet is, before new codes are made."""
    return render_template("people/duty_sheet.html", codes=None)


@pages.post("/people/duty-sheet")
def print_duty_sheet() -> str:
    """Make a new code for everybody who may sign in, and show them once, for printing."""
    here, now = station(), station().clock.now()
    people = [row for row in users.everyone(here.log_book) if not row["disabled"]]
    codes = [(row, users.new_duty_code(here.log_book, row["name"], g.user.name, now)) for row in people]
    return render_template("people/duty_sheet.html", codes=[(_shown(row), code) for row, code in codes], made=now)


def _page(**more: Any) -> str:
    rows = [_shown(row) for row in users.everyone(station().log_book)]
    return render_template("people/page.html", people=rows, roles=Role, **more)


def _known(user_id: int) -> dict[str, Any]:
    found = [row for row in users.everyone(station().log_book) if row["id"] == user_id]
    return _shown(found[0]) if found else abort(404)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    user = users.of_row(row)
    return {**row, "role": user.role, "groups": user.groups}


def _rights() -> dict[str, Any]:
    try:
        role = Role(request.form.get("role", ""))
    except ValueError:
        raise UsageError(Sentence("Choose a role.")) from None
    return {"role": role, "groups": _groups()}


def _groups() -> list[str]:
    """None are all of them, so that is said in words; a name that is no group any more is not dropped in silence."""
    chosen, known = request.form.getlist("groups"), [group.name for group in station().settings.group]
    if gone := [name for name in chosen if name not in known]:
        raise UsageError(Sentence("There is no group {name} any more: choose again.", name=gone[0]))
    if request.form.get("reach", "all") == "all":
        return []
    if not chosen:
        raise UsageError(Sentence("Tick at least one group of clusters, or choose “everywhere”."))
    return chosen
