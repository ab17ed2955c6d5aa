"""Today: what is on air, what comes next, the clusters, the faults; live without loading again."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

from flask import Blueprint, Response, abort, g, render_template

from web.live import Live
from web.speech import chosen
from web.station import station

pages = Blueprint("today", __name__)


@pages.get("/")
def page() -> str:
    """Show the day."""
    board, settings = station().board, station().settings
    mine = [one.number for one in settings.cluster if g.user.may_use([one.number], settings.network)]
    return render_template("today/page.html", parts=board.parts(chosen(), board.status()), mine=mine)


@pages.get("/stream")
def stream() -> Response:
    """Server-sent events: each holds the parts of the page that have changed."""
    live = station().live
    if not live.join():
        abort(503)
    answer = Response(_events(live, chosen()), mimetype="text/event-stream")
    answer.headers["X-Accel-Buffering"] = "no"
    answer.call_on_close(live.leave)
    return answer


def _events(live: Live, language: str) -> Iterator[str]:
    for parts in live.listen(language):
        yield f"id: {time.time():.3f}\ndata: {json.dumps(parts, ensure_ascii=False)}\n\n"
