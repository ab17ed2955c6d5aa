"""The pages for officials. This process can reach no driver: it reads, writes schedules, and asks the daemon."""

from __future__ import annotations

import hmac

from flask import Flask

from broadcaster.config.settings import Settings
from broadcaster.home import Home
from web import (
    account,
    api,
    approvals,
    audit,
    bulletin,
    clusters,
    components,
    day_off,
    drafts,
    emergency,
    faults,
    fonts,
    glossary,
    guard,
    health,
    library,
    log,
    microphone,
    moving,
    people,
    programme,
    reading,
    relays,
    secure,
    setup,
    signing,
    sounds,
    speech,
    today,
    troubles,
    uptime,
)
from web.station import Station, UploadRequest


def create_app(settings: Settings, home: Home) -> Flask:
    """Return the application of one station."""
    app = Flask(__name__)
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    station = Station(settings, home, app.jinja_env)
    app.request_class = UploadRequest
    app.config.update(
        SECRET_KEY=hmac.digest(station.key, b"cookies", "sha256"),
        SESSION_COOKIE_NAME="broadcaster",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=90 * 86400,
        MAX_CONTENT_LENGTH=600 << 20,
        MAX_FORM_MEMORY_SIZE=4 << 20,
        MAX_FORM_PARTS=1000,
        WTF_CSRF_CHECK_DEFAULT=False,  # asked for in guard, after the sign-in
        WTF_CSRF_TIME_LIMIT=None,  # a bulletin may take an afternoon to type
        WTF_CSRF_SSL_STRICT=False,
    )
    app.extensions["station"] = station
    for part in (secure, guard, speech, troubles):
        part.install(app)
    for pages in (
        health,
        signing,
        today,
        bulletin,
        relays,
        sounds,
        programme,
        log,
        uptime,
        clusters,
        day_off,
        emergency,
        faults,
        drafts,
        reading,
        glossary,
        moving,
        library,
        microphone,
        approvals,
        people,
        account,
        audit,
        fonts,
        secure,
        api,
        setup,
        components,
    ):
        app.register_blueprint(pages.pages)
    return app
