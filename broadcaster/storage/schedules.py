"""Rows of schedules. The pages write them; the daemon settles them, see ``settling``.

Two people who change the same schedule at once: the second is told, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, func, insert, or_, select, update

from broadcaster.errors import RefusedError
from broadcaster.model.approval import Standing
from broadcaster.model.roles import Right
from broadcaster.model.schedule import Schedule
from broadcaster.storage import approvals, audit
from broadcaster.storage.database import reading, transaction
from broadcaster.storage.ground import Ground
from broadcaster.storage.schedule_rows import LEEWAY_S, readable, values
from broadcaster.storage.settling import settle_row, withdraw
from broadcaster.storage.tables import schedules
from broadcaster.storage.users import User
from broadcaster.words import Sentence


def add(engine: Engine, schedule: Schedule, by: User, now: float) -> None:
    """Write down a new schedule; its first occurrence comes after ``now``. Nobody has approved it yet.

    Raises ``StorageError``.
    """
    with transaction(engine) as connection:
        connection.execute(
            insert(schedules).values(
                id=schedule.id,
                **values(schedule),
                revision=1,
                version=1,
                author_id=by.id,
                settled_until=now,
                created=now,
                created_by=by.name,
                changed=now,
                changed_by=by.name,
            )
        )
        what = "session moved" if schedule.moves else "bulletin made"
        audit.note(connection, now, by.name, what, schedule.title, after=_told(values(schedule)))


def change(engine: Engine, schedule: Schedule, by: User, ground: Ground) -> None:
    """Replace the row of a schedule whose ``revision`` is still the one that was read.

    Whatever differs but for being paused makes a new version, which nobody has approved yet.

    Occurrences of the old rule up to now get their rows first; one that waits for its time is withdrawn.
    Raises ``RefusedError`` when somebody else has changed or removed it meanwhile, and ``StorageError``.
    """
    _alter(engine, schedule.id, schedule.revision, values(schedule), by, ground)


def take_approval_back(engine: Engine, schedule: Schedule, by: User, ground: Ground) -> None:
    """Make it a new version that nobody has approved yet, though nothing differs. Raises as :func:`change` does."""
    _alter(engine, schedule.id, schedule.revision, {}, by, ground, what="approval taken back")


def restore(engine: Engine, schedule_id: str, by: User, ground: Ground) -> None:
    """Take back that it was removed; what it would have sounded meanwhile stays unsounded.

    Whoever removed it may do so, and who approves. Raises ``RefusedError`` otherwise, and ``StorageError``.
    """
    gone = (schedules.c.id == schedule_id, schedules.c.removed.is_not(None))
    with transaction(engine) as connection:
        row = connection.execute(select(schedules.c.title, schedules.c.changed_by).where(*gone)).first()
        if row is None:
            raise RefusedError(Sentence("There is nothing to bring back."))
        if row.changed_by != by.name and not by.may(Right.APPROVE):
            raise RefusedError(
                Sentence("{name} has deleted it: ask them, or the head of the station.", name=row.changed_by)
            )
        title = row.title
        back = {"removed": None, "revision": schedules.c.revision + 1, "settled_until": ground.now}
        connection.execute(update(schedules).where(*gone).values(**back, changed=ground.now, changed_by=by.name))
        audit.note(connection, ground.now, by.name, "bulletin restored", title)


def remove(
    engine: Engine, schedule_id: str, revision: int, by: User, ground: Ground, *, handed_over: bool = False
) -> None:
    """Let a schedule sound no more; its row stays. Raises as :func:`change` does.

    ``handed_over``: what was to sound at once does so now.
    """
    what = "sounded at once" if handed_over else "bulletin deleted"
    _alter(engine, schedule_id, revision, {"removed": ground.now}, by, ground, what=what)


def current(engine: Engine, *, after: float | None = None) -> list[Schedule]:
    """Return the schedules that are not removed, oldest first; without the :func:`faulty`. Raises ``StorageError``.

    With ``after`` (Unix seconds) without those that were over long before.
    """
    over = None if after is None else schedules.c.ends > after
    return [schedule for row in _rows(engine, over) if (schedule := readable(row)) is not None]


def unsettled(engine: Engine) -> tuple[list[Schedule], list[str]]:
    """Return the schedules that may still owe something, and the ids of those that cannot be understood.

    Raises ``StorageError``.
    """
    rows = _rows(engine, schedules.c.ends > schedules.c.settled_until)
    read = [(row["id"], readable(row)) for row in rows]
    return [one for _, one in read if one is not None], [str(name) for name, one in read if one is None]


def find(engine: Engine, search: str, limit: int, *, offset: int = 0, before: float) -> list[Schedule]:
    """Return those that are over, latest first; only those whose title holds ``search``. Raises ``StorageError``."""
    query = select(schedules).where(schedules.c.removed.is_(None), schedules.c.ends <= before + LEEWAY_S)
    if search:
        query = query.where(schedules.c.title.contains(search, autoescape=True))
    query = query.order_by(schedules.c.ends.desc(), schedules.c.id).limit(limit).offset(offset)
    with reading(engine) as connection:
        found = [dict(row) for row in connection.execute(query).mappings()]
    return [schedule for row in found if (schedule := readable(row)) is not None]


def get(engine: Engine, schedule_id: str, *, removed: bool = False) -> Schedule | None:
    """Return one schedule, ``None`` when there is none or it was removed (or was not). Raises ``StorageError``."""
    there = schedules.c.removed.is_not(None) if removed else schedules.c.removed.is_(None)
    query = select(schedules).where(schedules.c.id == schedule_id, there)
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
    engine: Engine,
    schedule_id: str,
    revision: int,
    changes: dict[str, Any],
    by: User,
    ground: Ground,
    *,
    what: str = "bulletin changed",
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
        withdraw(connection, schedule_id, ground.now, changed(by.name))
        before = {name: found[name] for name in changes}
        if old is None or not changes or _is_new_version(connection, old, before, changes, ground.key):
            rewritten = any(before[name] != changes[name] for name in before if name not in _NO_CONTENT)
            author = by.id if rewritten or old is None else old.author  # who only sends it again has not written it
            changes |= {"version": found["version"] + 1, "author_id": author}
        connection.execute(
            update(schedules)
            .where(schedules.c.id == schedule_id)
            .values(**changes, revision=revision + 1, settled_until=ground.now, changed=ground.now, changed_by=by.name)
        )
        audit.note(connection, ground.now, by.name, what, found["title"], before=_told(before), after=_told(changes))


def _is_new_version(
    connection: Connection, old: Schedule, before: Mapping[str, Any], after: Mapping[str, Any], key: bytes
) -> bool:
    """What was returned, and is sent once more, is one too: it wants a new decision."""
    if "removed" in after:
        return False
    state = approvals.state_of(connection, old, key)
    differs = any(before[name] != after[name] for name in after if name not in _NO_CONTENT)
    if before["paused"] != after["paused"] and not differs:
        return False
    return differs or state.standing is Standing.RETURNED or not state.whole


_NO_CONTENT = frozenset(["paused", "removed", "duration_s", "before_s", "after_s", "ends"])


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _UNTOLD}


_UNTOLD = frozenset(["duration_s", "before_s", "after_s", "ends", "author_id"])


def changed(by: str) -> Sentence:
    """Return why an occurrence was withdrawn."""
    return Sentence("{by} changed the schedule before it sounded.", by=by)


def _rows(engine: Engine, still: ColumnElement[bool] | None) -> list[dict[str, Any]]:
    query = select(schedules).where(schedules.c.removed.is_(None)).order_by(schedules.c.created, schedules.c.id)
    if still is not None:
        query = query.where(or_(schedules.c.ends.is_(None), still))
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
