"""Local days on the command line."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from broadcaster.errors import UsageError
from broadcaster.words import Sentence


def day(text: str) -> date:
    """Return the day written as 2026-12-31. Raises ``UsageError``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(Sentence("{given} is no day; write it like 2026-12-31.", given=text)) from None


def period(first: date, last: date, zone: ZoneInfo) -> tuple[float, float]:
    """Return the Unix seconds at which ``first`` begins and ``last`` has ended. Raises ``UsageError``."""
    if last < first:
        raise UsageError(Sentence("The period ends before it begins: give the earlier day first."))
    return _midnight(first, zone), _midnight(last + timedelta(days=1), zone)


def _midnight(one: date, zone: ZoneInfo) -> float:
    return datetime(one.year, one.month, one.day, tzinfo=zone).astimezone(UTC).timestamp()
