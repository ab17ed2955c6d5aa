"""Deny by default: who is not signed in gets nothing but the sign-in, who is, what their role allows.

CSRF on every post, headers on every answer.
"""

from __future__ import annotations

import json
import threading
import time

from flask import Flask, Response, abort, g, redirect, request, session, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from broadcaster.errors import StorageError
from broadcaster.storage import sign_ins
from broadcaster.storage.users import User
from web import rights, signing
from web.secure import on_this_computer
from web.station import station

_WITH_A_FORM = {"bulletin.save", "bulletin.change"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_REMEMBERED = 500
_LARGEST = 1 << 20
"""Bytes of a request that are read from somebody who is not signed in."""
_csrf = CSRFProtect()


class _Remembered:
    """Who was signed in a moment ago: an emergency from the page needs no log book."""

    def __init__(self) -> None:
        self._users: dict[str, tuple[User, float]] = {}
        self._lock = threading.Lock()

    def keep(self, token: str, user: User) -> None:
        with self._lock:
            if len(self._users) >= _REMEMBERED:
                self._users.pop(next(iter(self._users)))
            self._users[token] = (user, time.monotonic())

    def forget(self, token: str) -> None:
        with self._lock:
            self._users.pop(token, None)

    def get(self, token: str) -> User | None:
        with self._lock:
            user, at = self._users.get(token, (None, 0.0))
        return user if time.monotonic() - at < sign_ins.IDLE_S else None


def install(app: Flask) -> None:
    """Guard every route of the application."""
    _csrf.init_app(app)
    remembered = _Remembered()
    app.before_request(lambda: _let_in(remembered))
    app.after_request(_secured)


def _let_in(remembered: _Remembered) -> AnyResponse | str | tuple[str, int] | None:
    g.user = _user(remembered)
    if g.user is None:
        request.max_content_length = _LARGEST
    if request.endpoint is None:  # no such page: a stranger need not know that
        return None if g.user else _to_sign_in()
    if request.method == "POST" and (g.user or request.endpoint in rights.PUBLIC):
        _csrf.protect()
    if request.endpoint in rights.PUBLIC or (request.endpoint in rights.FOR_THIS_COMPUTER and on_this_computer()):
        return None
    if g.user is None:
        return _to_sign_in()
    if g.user.must_change and request.endpoint not in rights.FOR_NEW_PASSWORD:
        return redirect(url_for("signing.password"))
    needed = rights.NEEDED.get(request.endpoint)
    if needed is None or not g.user.may(needed):
        abort(403)
    return None


def _user(remembered: _Remembered) -> User | None:
    token = session.get("token")
    if not isinstance(token, str):
        return None
    try:
        user = sign_ins.signed_in(station().log_book, token, station().clock.now())
    except StorageError:
        return remembered.get(token)
    if user is None:
        remembered.forget(token)
    else:
        remembered.keep(token, user)
    return user


def _to_sign_in() -> AnyResponse | tuple[str, int]:
    """What was typed into a form goes along, and is there again afterwards."""
    if request.path.startswith(("/api/", "/stream")) or request.headers.get("X-Requested-With") == "fetch":
        abort(401)
    if request.method == "GET":
        return redirect(url_for("signing.sign_in", next=request.full_path.rstrip("?")))
    typed = {}
    keeps = request.endpoint in _WITH_A_FORM  # no other form: it might hold a password
    if keeps and (request.content_length or _LARGEST + 1) <= _LARGEST:  # a stranger must not fill our disk
        typed = {k: v for k, v in request.form.to_dict(flat=False).items() if k != "csrf_token"}
    where = request.path if request.endpoint in _WITH_A_FORM else url_for("today.page")
    return signing.show(where=where, kept=json.dumps(typed, ensure_ascii=False), ran_out=True), 401


def _secured(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(self)"
    if request.endpoint not in ("static", "fonts.font"):
        response.headers["Cache-Control"] = "no-store"
    return response
