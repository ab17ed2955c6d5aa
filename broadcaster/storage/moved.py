"""Sessions that were moved to another time of their day: the day owes no other one, whatever its rule becomes."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping, select

from broadcaster.model.broadcast import State
from broadcaster.storage.tables import broadcasts
from broadcaster.words import Sentence

_TEXT = "Moved to another time: {by} decided so."


def reason(by: str) -> Sentence:
    """Return what the log says of the time that was left."""
    return Sentence(_TEXT, by=by)


def tells(row: RowMapping) -> bool:
    """Return whether a row of ``broadcasts`` is a time that was left."""
    return row["state"] == State.ABORTED and isinstance(row["reason"], dict) and row["reason"].get("text") == _TEXT


def day_of(due: float, zone: ZoneInfo) -> tuple[float, float]:
    """Return the Unix seconds of the local midnights around ``due``."""
    midnight = datetime.fromtimestamp(due, zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return midnight.timestamp(), (midnight + timedelta(days=1)).timestamp()


def find(connection: Connection, schedule_id: str, due: float, zone: ZoneInfo) -> Sentence | None:
    """Return the reason why the session of that local day is no longer owed, if it was moved."""
    begin, end = day_of(due, zone)
    same_day = (broadcasts.c.schedule_id == schedule_id, broadcasts.c.due >= begin, broadcasts.c.due < end)
    for row in connection.execute(select(broadcasts.c.state, broadcasts.c.reason).where(*same_day)).mappings():
        if tells(row):
            return Sentence.from_json(row["reason"])
    return None
