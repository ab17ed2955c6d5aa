"""Approving a version of a bulletin, or returning it with a note; of two people at once the first one counts."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from broadcaster.errors import RefusedError
from broadcaster.model.approval import fingerprint
from broadcaster.model.schedule import Schedule
from broadcaster.seal import sealed
from broadcaster.storage import approvals, audit
from broadcaster.storage.database import transaction
from broadcaster.storage.ground import Ground
from broadcaster.storage.moved import reason
from broadcaster.storage.schedule_rows import readable
from broadcaster.storage.settling import call_off_one
from broadcaster.storage.tables import decisions, schedules
from broadcaster.storage.users import User
from broadcaster.words import Sentence

OTHER_PERSON = Sentence("Another person must approve what you wrote: the commune has decided on two persons.")


def approve(engine: Engine, seen: Schedule, user: User, ground: Ground, *, heard: bool | None = None) -> None:
    """Approve the version that the user has seen; what it is to replace is called off with it.

    ``heard``: whether the user has listened to its end, as far as the page can tell; ``None``: nobody knows.
    Raises ``RefusedError`` when it has changed since, was decided by somebody else, or the user may not; and
    ``StorageError``.
    """
    with transaction(engine) as connection:
        _decide(connection, seen, user, ground, approved=True, note="", heard=heard)
        if seen.moves is not None:
            _move(connection, seen, user, ground)


def give_back(engine: Engine, seen: Schedule, user: User, note: str, ground: Ground) -> None:
    """Return it to its author with a note. Raises as :func:`approve` does."""
    with transaction(engine) as connection:
        _decide(connection, seen, user, ground, approved=False, note=note)


def _decide(
    connection: Connection,
    seen: Schedule,
    user: User,
    ground: Ground,
    *,
    approved: bool,
    note: str,
    heard: bool | None = None,
) -> None:
    now_there = _standing(connection, seen.id)
    if now_there is None or fingerprint(now_there) != fingerprint(seen):
        raise RefusedError(Sentence("It has been changed or deleted meanwhile: look at it again."))
    if (earlier := approvals.decision(connection, seen)) is not None:
        raise RefusedError(Sentence("{by} has decided about it already.", by=earlier.by_name))
    persons = approvals.rule_of(connection, ground.key).persons
    if approved and persons == 2 and user.id == seen.author:
        raise RefusedError(OTHER_PERSON)
    values = {
        "schedule_id": seen.id,
        "version": seen.version,
        "fingerprint": fingerprint(seen),
        "approved": int(approved),
        "persons": persons,
        "author_id": seen.author,
        "by_id": user.id,
        "at": ground.now,
    }
    seal = sealed(ground.key, *values.values())
    try:
        connection.execute(insert(decisions).values(**values, by_name=user.name, note=note, seal=seal))
    except DBAPIError as error:  # the guards of the database itself
        raise RefusedError(Sentence("The log book refuses this decision: {why}", why=str(error.orig))) from error
    told = {"version": seen.version, "note": note, "fingerprint": fingerprint(seen)[:16]}
    if heard is not None:
        told["heard"] = "yes" if heard else "no"
    audit.note(connection, ground.now, user.name, "approved" if approved else "returned", seen.title, after=told)


def _standing(connection: Connection, schedule_id: str) -> Schedule | None:
    query = select(schedules).where(schedules.c.id == schedule_id, schedules.c.removed.is_(None))
    row = connection.execute(query.with_for_update()).mappings().first()
    return readable(dict(row)) if row else None


def _move(connection: Connection, seen: Schedule, user: User, ground: Ground) -> None:
    assert seen.moves is not None  # noqa: S101 - for the type checker
    moved, due = seen.moves
    original = _standing(connection, moved)
    approved_before = (
        decisions.c.schedule_id == seen.id,
        decisions.c.version < seen.version,
        decisions.c.approved == 1,
    )
    if connection.execute(select(decisions.c.id).where(*approved_before)).first() is not None:
        return  # an earlier version of this move has called it off
    if original is None or original.target != seen.target or seen.recurrence.next(ground.now, ground.zone) is None:
        raise RefusedError(Sentence("It is too late to move it: it has been changed since, or the new time is over."))
    if not call_off_one(connection, original, due, reason(user.name), ground):
        raise RefusedError(Sentence("It is too late to move it: it is about to sound, or over."))
