"""The last look before something is prepared for the air: was exactly this approved, or asked for at the station?"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, select

from broadcaster.errors import RefusedError, UsageError
from broadcaster.model.broadcast import Broadcast, State
from broadcaster.model.schedule import Schedule
from broadcaster.seal import fits, sealed
from broadcaster.storage import approvals
from broadcaster.storage.ground import Ground
from broadcaster.storage.schedule_rows import readable
from broadcaster.storage.tables import broadcasts, schedules
from broadcaster.words import Sentence

NOT_OURS = Sentence("This row of the log book was not written by the station.")


def seal_of(broadcast: Broadcast, key: bytes) -> str:
    """Return the seal of a broadcast that belongs to no schedule: the controller took it in itself."""
    return sealed(key, *_parts(broadcast))


def check(connection: Connection, seal: str | None, broadcast: Broadcast, ground: Ground) -> None:
    """Raise ``RefusedError`` unless this broadcast, as it is, may be prepared. ``seal`` is its row's."""
    if broadcast.schedule:
        _check_occurrence(connection, broadcast, ground)
    elif not fits(seal, ground.key, *_parts(broadcast)):
        raise RefusedError(NOT_OURS)


def _check_occurrence(connection: Connection, broadcast: Broadcast, ground: Ground) -> None:
    query = select(schedules).where(schedules.c.id == broadcast.schedule, schedules.c.removed.is_(None))
    row = connection.execute(query).mappings().first()
    schedule = readable(dict(row)) if row else None
    if schedule is None:
        raise RefusedError(NOT_OURS)
    if (refusal := approvals.state_of(connection, schedule, ground.key).refusal) is not None:
        raise RefusedError(refusal)
    if not _is_of(schedule, broadcast, ground):
        raise RefusedError(approvals.NOT_WHOLE)
    if _has_had_its_turn(connection, broadcast):
        raise RefusedError(NOT_OURS)


def _has_had_its_turn(connection: Connection, broadcast: Broadcast) -> bool:
    """An occurrence has one row: a second one was queued by hand."""
    same = (broadcasts.c.schedule_id == broadcast.schedule, broadcasts.c.due == broadcast.due)
    others = select(broadcasts.c.id).where(*same, broadcasts.c.id != broadcast.id, broadcasts.c.state != State.MISSED)
    return connection.execute(others).first() is not None


def _is_of(schedule: Schedule, broadcast: Broadcast, ground: Ground) -> bool:
    due = broadcast.due
    if schedule.sleeps or due is None or due not in schedule.recurrence.between(due - 1, due, ground.zone):
        return False
    try:
        approved = schedule.occurrence(due, schedule.target.within(ground.network))
    except UsageError:
        return False
    return replace(approved, id=broadcast.id, by=broadcast.by, duration=broadcast.duration) == broadcast


def _parts(broadcast: Broadcast) -> tuple[object, ...]:
    return (
        broadcast.id,
        broadcast.title,
        broadcast.sound,
        sorted(broadcast.clusters),
        broadcast.priority.word,
        None if broadcast.due is None else float(broadcast.due),
        float(broadcast.late_after),  # whole numbers come back from the log book as floats
    )
