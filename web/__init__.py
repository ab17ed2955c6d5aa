"""The pages for officials. This process can reach no driver: it reads, and asks the daemon."""

from __future__ import annotations

from flask import Flask, redirect

from broadcaster.config.settings import Settings
from broadcaster.control.client import ControlClient
from broadcaster.home import Home
from web import health


def create_app(settings: Settings, home: Home) -> Flask:
    """Return the application of one station."""
    app = Flask(__name__)
    daemon = ControlClient(home.control_socket, within_s=2)
    app.register_blueprint(health.pages(settings, daemon))
    app.add_url_rule("/", "start", lambda: redirect("/api/status"))  # until there are pages
    app.after_request(health.secured)
    return app
