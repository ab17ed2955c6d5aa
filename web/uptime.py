"""Hours on air, and how far the station could be relied on."""

from __future__ import annotations

from flask import Blueprint, render_template

pages = Blueprint("uptime", __name__)


@pages.get("/uptime")
def page() -> str:
    """Show the figures of a period."""
    return render_template("uptime/page.html")
