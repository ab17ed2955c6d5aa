"""Signing in and out, choosing a password, choosing a language."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import BroadcasterError, StorageError, UsageError
from broadcaster.model.roles import Right
from broadcaster.storage import approvals, passwords, sign_ins, users
from broadcaster.words import LANGUAGES, Sentence
from web.speech import tell
from web.station import station

pages = Blueprint("signing", __name__)
_WRONG = Sentence("Name or password is not right. Please try again.")
_MOST_KEPT = 200_000


@pages.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> str | Response | tuple[str, int]:
    """Sign in, then go on to where one wanted to go."""
    where = _inside(request.values.get("next", ""))
    if request.method == "GET":
        return redirect(where) if g.user else show(where=where)
    name, password, kept = (request.form.get(key, "") for key in ("name", "password", "kept"))
    book, now, address = station().log_book, station().clock.now(), request.remote_addr or ""
    try:
        user = passwords.check(book, name, password, address, now)
    except passwords.GuessingError as error:
        return show(where=where, kept=kept, trouble=error.sentence, name=name), 429
    if user is None:
        return show(where=where, kept=kept, trouble=_WRONG, name=name), 401
    _enter(user, sign_ins.begin(book, user, now, _typed(where, kept), **_from_where()))
    return redirect(url_for(".password") if user.must_change else where)


@pages.post("/sign-out")
def sign_out() -> Response:
    """Sign out here."""
    token = session.get("token", "")
    session.clear()
    station().remembered.forget(token)
    with suppress(StorageError):  # this browser has lost the token all the same
        sign_ins.end(station().log_book, token)
    return redirect(url_for(".sign_in"))


@pages.route("/password", methods=["GET", "POST"])
def password() -> str | Response | tuple[str, int]:
    """Choose a password; with a one-time password nothing else can be done."""
    if request.method == "GET":
        return render_template("signing/password.html", trouble=None, shortest=users.SHORTEST_PASSWORD)
    book, now = station().log_book, station().clock.now()
    chosen, again, current = (request.form.get(key, "") for key in ("chosen", "again", "current"))
    try:
        if not g.user.must_change and not passwords.check(book, g.user.name, current, request.remote_addr or "", now):
            raise UsageError(Sentence("The present password is not right."))
        if chosen != again:
            raise UsageError(Sentence("The two new passwords are not the same."))
        kept = sign_ins.take_kept(book, session["token"])
        users.choose_password(book, g.user.id, chosen)
        station().remembered.forget_user(g.user.id)
    except BroadcasterError as error:
        shown = render_template("signing/password.html", trouble=error.sentence, shortest=users.SHORTEST_PASSWORD)
        return shown, 422
    _enter(g.user, sign_ins.begin(book, replace(g.user, must_change=False), now, kept, **_from_where()))
    tell(Sentence("The new password holds from now on."))
    first_time = g.user.may(Right.PEOPLE) and not approvals.rule(book, station().key).is_decided
    return redirect(url_for("setup.page" if first_time else "today.page"))


@pages.get("/language/<language>")
def language(language: str) -> Response:
    """Remember the language in this browser."""
    answer = redirect(_inside(request.args.get("next", "")))
    if language in LANGUAGES:
        answer.set_cookie("language", language, max_age=10 * 365 * 86400, samesite="Lax", httponly=True)
    return answer


def show(*, where: str, kept: str = "", trouble: Sentence | None = None, name: str = "", ran_out: bool = False) -> str:
    """Return the sign-in page; ``kept`` is what was typed elsewhere, as JSON."""
    return render_template("signing/sign_in.html", where=where, kept=kept, trouble=trouble, name=name, ran_out=ran_out)


def take_kept() -> dict[str, list[str]] | None:
    """Return what was typed into the form on this page before the sign-in ran out, once."""
    kept = sign_ins.take_kept(station().log_book, session["token"])
    return kept["typed"] if kept and kept.get("where") == request.path else None


def _from_where() -> dict[str, str]:
    return {"address": request.remote_addr or "", "browser": request.user_agent.string}


def _enter(user: users.User, token: str) -> None:
    """A new session, whatever the browser brought: nobody can have laid out its token before.

    The secret of the forms stays when the same person comes back: the emergency button in an older tab works on.
    """
    kept = {"csrf_token": session["csrf_token"]} if session.get("who") == user.id and "csrf_token" in session else {}
    session.clear()
    session.permanent = True
    session.update(kept, token=token, who=user.id)


def _inside(where: str) -> str:
    """Return an address of ours: never another site."""
    inside = where.startswith("/") and not where.startswith(("//", "/\\")) and where.isprintable()
    return where if inside else url_for("today.page")


def _typed(where: str, kept: str) -> dict[str, Any] | None:
    """Return what the browser brought along, if it is what we gave it to carry."""
    try:
        typed = json.loads(kept) if 0 < len(kept) <= _MOST_KEPT else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(typed, dict) or not all(isinstance(v, list) for v in typed.values()):
        return None
    return {"where": where, "typed": {_text(k): [_text(one) for one in v] for k, v in typed.items()}}


def _text(one: object) -> str:
    """Half a letter (a lone surrogate) cannot be written anywhere."""
    return str(one).encode(errors="replace").decode()
