"""No broadcast for the rest of a day: what was still to come gets its row now, with who decided so."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Engine, and_, select, update

from broadcaster.model.broadcast import State
from broadcaster.storage import audit
from broadcaster.storage import broadcasts as rows
from broadcaster.storage.database import reading, transaction
from broadcaster.storage.ground import Ground
from broadcaster.storage.schedule_rows import readable
from broadcaster.storage.settling import call_off
from broadcaster.storage.tables import broadcasts, schedules
from broadcaster.words import Sentence

_DECIDED = "No more broadcasts today: {by} decided so."
_ANOTHER_ZONE = Sentence("The time zone was changed, and this bulletin had its session that day already.")
NOT_BEFORE_S = 180.0
"""What would begin so soon is not called back: its preparation may have been passed over."""


def decide(engine: Engine, until: float, by: str, ground: Ground) -> list[str]:
    """Call off every occurrence up to ``until`` (Unix seconds) that has no row yet.

    Return the broadcasts that wait with a row of their own: only the controller can withdraw those. Raises
    ``StorageError``.
    """
    reason = Sentence(_DECIDED, by=by)
    with transaction(engine) as connection:
        found = connection.execute(select(schedules).where(schedules.c.removed.is_(None)).with_for_update()).mappings()
        for schedule in [readable(dict(row)) for row in found.all()]:
            if schedule is not None and not schedule.sleeps:
                call_off(connection, schedule, until, reason, ground)
        audit.note(connection, ground.now, by, "day called off", "")
    return [one.id for one in rows.queued(engine) if one.due is not None and one.due <= until]


def once_a_day(engine: Engine, since: float, until: float, ground: Ground) -> None:
    """The station's clock has changed its zone, which ``ground`` has: nothing is owed a second time that day.

    Whatever had its row ``since`` (sounded, called off, or waiting) has no other one up to ``until``. Raises
    ``StorageError``.
    """
    had = select(broadcasts.c.schedule_id).where(broadcasts.c.due >= since, broadcasts.c.schedule_id.is_not(None))
    with transaction(engine) as connection:
        ids = connection.execute(had.distinct()).scalars().all()
        there = (schedules.c.id.in_(ids), schedules.c.removed.is_(None))
        found = connection.execute(select(schedules).where(*there).with_for_update()).mappings()
        for schedule in [readable(dict(row)) for row in found.all()]:
            if schedule is not None and not schedule.sleeps:
                call_off(connection, schedule, until, _ANOTHER_ZONE, ground)


def decided_by(engine: Engine, now: float, until: float) -> str | None:
    """Return who called off what would still come up to ``until``, if anybody did. Raises ``StorageError``."""
    with reading(engine) as connection:
        found = connection.execute(select(broadcasts.c.reason).where(_called_off(now, until))).scalars()
        return next((str(one["values"]["by"]) for one in found if _is_ours(one)), None)


def take_back(engine: Engine, until: float, by: str, ground: Ground) -> int:
    """Let sound again what was called off; its rows stay in the log. Return how many. Raises ``StorageError``."""
    which = _called_off(ground.now + NOT_BEFORE_S, until)
    with transaction(engine) as connection:
        found = connection.execute(select(broadcasts.c.id, broadcasts.c.reason).where(which)).all()
        ids = [row.id for row in found if _is_ours(row.reason)]
        connection.execute(update(broadcasts).where(broadcasts.c.id.in_(ids)).values(schedule_id=None, due=None))
        audit.note(connection, ground.now, by, "day taken back", "")
    return len(ids)


def _called_off(after: float, until: float) -> ColumnElement[bool]:
    return and_(
        broadcasts.c.state == State.ABORTED,
        broadcasts.c.schedule_id.is_not(None),
        broadcasts.c.due > after,
        broadcasts.c.due <= until,
    )


def _is_ours(reason: object) -> bool:
    return isinstance(reason, dict) and reason.get("text") == _DECIDED
