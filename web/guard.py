"""Deny by default: who is not signed in gets nothing but the sign-in, who is, what their role allows.

CSRF on every post, headers on every answer.
"""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, redirect, request, session, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from broadcaster.errors import StorageError
from broadcaster.model.roles import Right
from broadcaster.storage import sign_ins
from broadcaster.storage.users import User
from web import rights, signing
from web.secure import on_this_computer
from web.station import station
from web.worker import know

_WITH_A_FORM = {"bulletin.save", "bulletin.change"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_WANTS_BOOK = frozenset([Right.OPERATE, Right.APPROVE, Right.PEOPLE])
"""Not done on the word of a memory, but for stopping: whether somebody still may cannot be read just now."""
_LARGEST = 1 << 20
"""Bytes of a request that are read from somebody who is not signed in."""
_csrf = CSRFProtect()


def install(app: Flask) -> None:
    """Guard every route of the application."""
    _csrf.init_app(app)
    app.before_request(_let_in)
    app.after_request(_secured)


def _let_in() -> AnyResponse | str | tuple[str, int] | None:
    if _is_foreign():
        g.user, g.keeps_cookie = None, True
        abort(400)
    g.user = _user()
    if g.user is None:
        request.max_content_length = _LARGEST
    else:
        know(request.environ)
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
    if g.without_book is not None and needed in _WANTS_BOOK and request.endpoint != "emergency.stop":
        raise g.without_book
    return None


def _is_foreign() -> bool:
    """A form that another site's page sends. It brings no cookie, so our answer must not set one in its place."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return False
    origin = urlsplit(request.headers.get("Origin", "")).netloc  # none, or "null": an older browser, or a script
    return request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none") or (
        bool(origin) and origin != request.host
    )


def _user() -> User | None:
    remembered, g.without_book = station().remembered, None
    token = session.get("token")
    if not isinstance(token, str):
        return None
    try:
        user = sign_ins.signed_in(station().log_book, token, station().clock.now())
    except StorageError as error:
        g.without_book = error
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
