"""Coming in safely: the station's certificate, how a phone or a computer accepts it, and who is led there."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, abort, g, redirect, render_template, request, send_file, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from werkzeug.wrappers import Response as AnyResponse

from web.station import station

pages = Blueprint("secure", __name__)
OPEN = frozenset(["static", "fonts.font", "signing.language", "secure.page", "secure.authority", "health.healthz"])
"""What is answered over plain http to another machine."""


class _CookieAsSafeAsTheWay(SecureCookieSessionInterface):
    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 - as Flask calls it
        return request.is_secure

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        return not g.get("keeps_cookie") and super().should_set_cookie(app, session)


def install(app: Flask) -> None:
    """Lead other machines to https; cookies that came over https go nowhere else."""
    app.session_interface = _CookieAsSafeAsTheWay()
    app.before_request(_lead)


@pages.get("/certificate")
def page() -> str:
    """Say how a phone or a computer accepts the station's certificate."""
    made = station().certificates
    host = request.host
    return render_template("secure/page.html", made=made, address=f"https://{host}/", safe=request.is_secure)


@pages.get("/certificate/authority.crt")
def authority() -> Response:
    """Hand out the certificate of the station's own authority."""
    made = station().certificates
    if made is None:
        abort(404)
    return send_file(
        made.authority, mimetype="application/x-x509-ca-cert", as_attachment=True, download_name="dai-truyen-thanh.crt"
    )


def on_this_computer() -> bool:
    """Return whether the request comes from the station's own computer, past no other server.

    And under its own name: a page of another site, whose name was made to mean this computer, is not ours.
    """
    name = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    own = request.remote_addr in ("127.0.0.1", "::1") and name in ("localhost", "127.0.0.1", "[::1]")
    return own and "X-Forwarded-For" not in request.headers


def _lead() -> AnyResponse | None:
    safe = request.is_secure or on_this_computer() or station().certificates is None
    if safe or request.endpoint in OPEN:
        return None
    if request.method != "GET":
        abort(400)
    return redirect(url_for("secure.page"))
