"""What an address asks for: a day, a page; what makes no sense is no fault of ours."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask import request

from web.station import station

_LAST_PAGE = 100_000
_YEARS = range(2000, 2100)


def page_number() -> int:
    """Return the page that is asked for, from 0."""
    return min(max(0, request.args.get("page", 0, type=int)), _LAST_PAGE)


def search_words() -> str:
    """Return what is searched for."""
    return request.args.get("search", "").strip()[:100]


def day_of(text: str) -> date:
    """Return the day that is meant, such as 2026-11-23. Raises ``ValueError``."""
    day = date.fromisoformat(text)
    if day.year not in _YEARS:
        raise ValueError(text)
    return day


def begin_of(day: date) -> float:
    """Return the Unix second at which a day of the station begins."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=station().settings.station.zone)
    return midnight.astimezone(UTC).timestamp()
