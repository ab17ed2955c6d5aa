"""``report``: hours on air, uptime and broadcasts of a period."""

from __future__ import annotations

import csv
import sys
import time
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from broadcaster.cli.context import Commands, Context, add_command
from broadcaster.errors import UsageError
from broadcaster.words import Sentence


def add_commands(commands: Commands, language: str) -> None:
    """Add this module's commands."""
    parser = add_command(
        commands, language, "report", Sentence("Print hours on air, uptime and broadcasts of a period."), report
    )
    parser.add_argument(
        "--from", dest="first", metavar="DAY", help=Sentence("first day (else the month's)").to(language)
    )
    parser.add_argument("--to", dest="last", metavar="DAY", help=Sentence("last day (else today)").to(language))
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help=Sentence("print JSON for programs").to(language))
    how.add_argument("--csv", action="store_true", help=Sentence("print a table for a spreadsheet").to(language))


def report(context: Context) -> None:
    """Read the log book; needs no running daemon."""
    from broadcaster.reports import lines
    from broadcaster.reports.report import days, make
    from broadcaster.storage.database import database_url, open_database

    options, settings, now = context.options, context.settings, time.time()
    zone = settings.station.zone
    today = datetime.fromtimestamp(now, zone).date()
    first = day(options.first) if options.first is not None else today.replace(day=1)
    last = day(options.last) if options.last is not None else max(today, first)
    begin, end = days(first, last, zone)
    engine = open_database(database_url(context.home.database))
    try:
        made = make(engine, settings, begin, end, now)
    finally:
        engine.dispose()
    if options.csv:
        csv.writer(sys.stdout).writerows(lines.table(made, context.language, zone))
        return
    shown: dict[str, Any] = made.as_json(context.language)
    context.show(shown, *lines.told(made, settings, zone))


def day(text: str) -> date:
    """Return the day written as 2026-12-31. Raises ``UsageError``."""
    with suppress(ValueError):
        given = date.fromisoformat(text)
        if _FIRST_YEAR <= given.year <= _LAST_YEAR:
            return given
    raise UsageError(Sentence("{given} is no day; write it like 2026-12-31.", given=text))


_FIRST_YEAR, _LAST_YEAR = 1970, 9998
"""Of Unix time, and so that the day after has a date too."""
