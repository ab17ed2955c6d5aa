"""Hours on air, and how far the station could be relied on."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

from flask import Blueprint, Response, render_template, request

from broadcaster.errors import UsageError
from broadcaster.reports import lines
from broadcaster.reports.report import Report, days, make
from broadcaster.words import Sentence
from web.speech import chosen
from web.station import station

pages = Blueprint("uptime", __name__)


@pages.get("/uptime")
def page() -> str | tuple[str, int]:
    """Show the figures of a period; this month so far, if none is given."""
    first, last, trouble = _period()
    report = _report(first, last)
    shown = render_template(
        "uptime/page.html",
        report=report,
        lines=lines,
        first=first.isoformat(),
        last=last.isoformat(),
        trouble=trouble,
        names={one.number: one.name for one in station().settings.cluster},
    )
    return (shown, 422) if trouble else shown


@pages.get("/uptime.csv")
def table() -> Response:
    """The same for a spreadsheet."""
    first, last, _ = _period()
    text = io.StringIO()
    zone = station().settings.station.zone
    csv.writer(text).writerows(lines.table(_report(first, last), chosen(), zone))
    answer = Response("\ufeff" + text.getvalue(), mimetype="text/csv")  # Excel needs the mark to read Vietnamese
    answer.headers["Content-Disposition"] = f'attachment; filename="uptime-{first}-{last}.csv"'
    return answer


def _period() -> tuple[date, date, Sentence | None]:
    here = station()
    today = datetime.fromtimestamp(here.clock.now(), here.settings.station.zone).date()
    first, last = today.replace(day=1), today
    try:
        asked = request.args.get("first", ""), request.args.get("last", "")
        wanted = (
            date.fromisoformat(asked[0]) if asked[0] else first,
            date.fromisoformat(asked[1]) if asked[1] else last,
        )
        days(*wanted, here.settings.station.zone)
    except UsageError as error:
        return first, last, error.sentence
    except (ValueError, OverflowError):
        return first, last, Sentence("Give both days.")
    return *wanted, None


def _report(first: date, last: date) -> Report:
    here = station()
    begin, end = days(first, last, here.settings.station.zone)
    return make(here.log_book, here.settings, begin, end, here.clock.now())
