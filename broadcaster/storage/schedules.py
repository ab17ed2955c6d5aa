"""Rows of schedules. The pages write them; the daemon settles them, see ``settling``.

Two people who change the same schedule at once: the second is told, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, func, insert, select, update

from broadcaster.errors import RefusedError
from broadcaster.model.schedule import Schedule
from broadcaster.storage.database import reading, transaction
from broadcaster.storage.schedule_rows import readable, values
from broadcaster.storage.settling import Ground, settle_row, withdraw
from broadcaster.storage.tables import schedules
from broadcaster.words import Sentence


def add(engine: Engine, schedule: Schedule, by: str, now: float) -> None:
    """Write down a new schedule; its first occurrence comes after ``now``. Raises ``StorageError``."""
    with transaction(engine) as connection:
        connection.execute(
            insert(schedules).values(
                id=schedule.id,
                **values(schedule),
                revision=1,
                settled_until=now,
                created=now,
                created_by=by,
                changed=now,
                changed_by=by,
            )
        )


def change(engine: Engine, schedule: Schedule, by: str, ground: Ground) -> None:
    """Replace the row of a schedule whose ``revision`` is still the one that was read.

    Occurrences of the old rule up to now get their rows first; one that waits for its time is withdrawn.
    Raises ``RefusedError`` when somebody else has changed or removed it meanwhile, and ``StorageError``.
    """
    _alter(engine, schedule.id, schedule.revision, values(schedule), by, ground)


def remove(engine: Engine, schedule_id: str, revision: int, by: str, ground: Ground) -> None:
    """Let a schedule sound no more; its row stays. Raises as :func:`change` does."""
    _alter(engine, schedule_id, revision, {"removed": ground.now}, by, ground)


def current(engine: Engine) -> list[Schedule]:
    """Return the schedules that are not removed, oldest first; without the :func:`faulty`. Raises ``StorageError``."""
    return [schedule for row in _rows(engine) if (schedule := readable(row)) is not None]


def faulty(engine: Engine) -> list[str]:
    """Return the ids of rows that cannot be understood (written by hand). Raises ``StorageError``."""
    return [str(row["id"]) for row in _rows(engine) if readable(row) is None]


def get(engine: Engine, schedule_id: str) -> Schedule | None:
    """Return one schedule, ``None`` when there is none or it was removed. Raises ``StorageError``."""
    query = select(schedules).where(schedules.c.id == schedule_id, schedules.c.removed.is_(None))
    with reading(engine) as connection:
        row = connection.execute(query).mappings().first()
    return readable(dict(row)) if row else None


def signature(engine: Engine) -> tuple[int, int, int]:
    """Return what differs after every change. Raises ``StorageError``."""
    query = select(func.count(), func.coalesce(func.sum(schedules.c.revision), 0), func.count(schedules.c.removed))
    with reading(engine) as connection:
        count, revisions, removed = connection.execute(query).one()
    return int(count), int(revisions), int(removed)


def _alter(
    engine: Engine, schedule_id: str, revision: int, changes: Mapping[str, Any], by: str, ground: Ground
) -> None:
    """``settled_until`` becomes now: what the old rule owed until now has its row, the new one owes the rest."""
    with transaction(engine) as connection:
        row = connection.execute(select(schedules).where(schedules.c.id == schedule_id).with_for_update())
        found = row.mappings().first()
        if found is None or found["removed"] is not None:
            raise RefusedError(Sentence("Somebody else has deleted this bulletin meanwhile: nothing was saved."))
        if found["revision"] != revision:
            raise RefusedError(
                Sentence(
                    "{name} has changed this bulletin meanwhile: nothing was saved. Look at it again, then change it.",
                    name=found["changed_by"],
                )
            )
        if (old := readable(dict(found))) is not None:
            settle_row(connection, old, found["settled_until"], ground.now, ground)
        withdraw(connection, schedule_id, ground.now, changed(by))
        connection.execute(
            update(schedules)
            .where(schedules.c.id == schedule_id)
            .values(**changes, revision=revision + 1, settled_until=ground.now, changed=ground.now, changed_by=by)
        )


def changed(by: str) -> Sentence:
    """Return why an occurrence was withdrawn."""
    return Sentence("{by} changed the schedule before it sounded.", by=by)


def _rows(engine: Engine) -> list[dict[str, Any]]:
    query = select(schedules).where(schedules.c.removed.is_(None)).order_by(schedules.c.created, schedules.c.id)
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
