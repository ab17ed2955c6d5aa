"""``preview``: what will sound."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from broadcaster.cli.context import Commands, Context, add_command
from broadcaster.cli.report import day
from broadcaster.words import Sentence

if TYPE_CHECKING:
    from broadcaster.storage.upcoming import Upcoming


def add_commands(commands: Commands, language: str) -> None:
    """Add this module's commands."""
    parser = add_command(commands, language, "preview", Sentence("Say what will sound."), preview, prints_data=True)
    parser.add_argument("--day", metavar="DAY", help=Sentence("one day, such as 2026-12-31").to(language))
    parser.add_argument("--from", dest="first", metavar="DAY", help=Sentence("first day (else today)").to(language))
    parser.add_argument("--to", dest="last", metavar="DAY", help=Sentence("last day (else a week later)").to(language))


def preview(context: Context) -> None:
    """Print what will sound, from now on; it needs no running daemon."""
    from broadcaster.reports.report import days
    from broadcaster.seal import secret_key
    from broadcaster.storage.database import database_url, open_database
    from broadcaster.storage.plan import plan
    from broadcaster.storage.upcoming import upcoming

    options, settings = context.options, context.settings
    zone, now = settings.station.zone, time.time()
    today = datetime.fromtimestamp(now, zone).date()
    first = day(options.day or options.first) if options.day or options.first else today
    last = day(options.day or options.last) if options.day or options.last else first + timedelta(days=7)
    begins, ends = days(first, last, zone)
    engine = open_database(database_url(context.home.database))
    try:
        known = plan(engine, secret_key(context.home), now)
        found = upcoming(engine, settings, max(begins - 0.5, now), ends - 0.5, known)
    finally:
        engine.dispose()
    lines = [_line(one, zone) for one in found]
    if settings.simulated:
        lines.insert(0, Sentence("*** SIMULATION *** no real transmitter, no real loudspeaker."))
    if not found:
        lines.append(Sentence("Nothing will sound."))
    context.show(
        {"simulated": settings.simulated, "broadcasts": [_data(one, context.language) for one in found]}, *lines
    )


def _line(one: Upcoming, zone: Any) -> Sentence:
    told = {
        "at": f"{datetime.fromtimestamp(one.due, zone):%d/%m/%Y %H:%M:%S}",
        "title": one.title,
        "clusters": ", ".join(map(str, sorted(one.clusters))),
        "seconds": round(one.seconds),
        "lead": f"{one.lead_in_s:.1f}",
    }
    if one.trouble is None:
        return Sentence("{at}  {title}  (clusters {clusters}; {seconds} s, codes {lead} s before)", **told)
    return Sentence(
        "{at}  {title}  (clusters {clusters}; {seconds} s, codes {lead} s before)  ATTENTION: {trouble}",
        **told,
        trouble=one.trouble,
    )


def _data(one: Upcoming, language: str) -> dict[str, Any]:
    return {
        "due": one.due,
        "title": one.title,
        "clusters": sorted(one.clusters),
        "seconds": one.seconds,
        "lead_in_s": round(one.lead_in_s, 2),
        "schedule": one.schedule.id if one.schedule else None,
        "id": one.broadcast or None,
        "trouble": one.trouble.to(language) if one.trouble else None,
    }
