"""Rows of announcements and broadcasts. A broadcast airs at most once: it is claimed by compare-and-set."""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, insert, select, update

from broadcaster.model.broadcast import ENDS, Broadcast, State
from broadcaster.model.priority import Priority
from broadcaster.model.verdict import Verdict
from broadcaster.storage import audit, warrant
from broadcaster.storage.database import reading, transaction
from broadcaster.storage.ground import Ground
from broadcaster.storage.handing_back import hand_back
from broadcaster.storage.tables import announcements, broadcast_changes, broadcasts
from broadcaster.words import Sentence

_log = logging.getLogger(__name__)
_RANK = {state: rank for rank, state in enumerate(state for state in State if state not in ENDS)} | {
    end: len(State) for end in ENDS
}
"""How far along: every transition of the model goes up."""
_KEYED = (State.KEYING, State.OPENING, State.ON_AIR)
"""The carrier is up; a broadcast that takes it over is never keying itself."""
_UNASKED_ENDS = (State.FAILED, State.MISSED, State.REFUSED)
"""Nobody wanted it to end so: what never sounded can still be sounded."""


def add(engine: Engine, broadcast: Broadcast, ground: Ground, approved_by: str = "", asked: str = "") -> str:
    """Write down an announcement and its one broadcast, queued and sealed; return its id.

    What was ``asked`` for under this name before is not written again, unless that ended without a sound: its id is
    returned. Raises ``StorageError``.
    """
    with transaction(engine) as connection:
        if asked and (known := _known_under(connection, asked)) is not None:
            return known
        _announce(connection, broadcast, ground.now, asked)
        insert_broadcast(
            connection,
            broadcast,
            ground.now,
            announcement_id=broadcast.id,
            approved_by=approved_by,
            seal=warrant.seal_of(broadcast, ground.key),
        )
    return broadcast.id


def claim(engine: Engine, broadcast: Broadcast, ground: Ground) -> bool:
    """Take a queued broadcast to ``preparing``; true for exactly one caller.

    Raises ``RefusedError`` when nobody approved it as it is, and ``StorageError``.
    """
    with transaction(engine) as connection:
        waiting = (broadcasts.c.id == broadcast.id, broadcasts.c.state == State.QUEUED)
        row = connection.execute(select(broadcasts.c.seal).where(*waiting).with_for_update()).first()
        if row is None:
            return False
        warrant.check(connection, row.seal, broadcast, ground)
        connection.execute(update(broadcasts).where(*waiting).values(state=State.PREPARING))
        note(connection, broadcast.id, State.PREPARING, ground.now, None)
    return True


def record(
    engine: Engine,
    broadcast: Broadcast,
    state: State,
    at: float,
    *,
    reason: Sentence | None = None,
    sounded_s: float | None = None,
) -> None:
    """Write down that a broadcast entered ``state``. Raises ``StorageError``.

    A broadcast only goes forward: what is told again, or late, changes nothing. States may be left out, since
    the log book may have been away meanwhile. A broadcast that has no row yet (an emergency) gets one.
    """
    with transaction(engine) as connection:
        row = connection.execute(_state_of(broadcast.id)).first()
        if row is None:
            insert_broadcast(connection, broadcast, at)
        current, on_air_at = (row.state, row.on_air_at) if row is not None else (State.QUEUED, None)
        if _RANK[State(current)] >= _RANK[state]:
            return
        changes: dict[str, Any] = {"state": state}
        if state in _KEYED:
            changes["keyed_at"] = func.coalesce(broadcasts.c.keyed_at, at)
        if state is State.ON_AIR:
            changes["on_air_at"] = at
        if state in ENDS:
            changes |= {
                "ended_at": at,
                "sounded_s": sounded_s,
                "reason": reason.as_json() if reason else None,
            }
        connection.execute(update(broadcasts).where(broadcasts.c.id == broadcast.id).values(changes))
        note(connection, broadcast.id, state, at, reason)
        if state in _UNASKED_ENDS and on_air_at is None and not sounded_s:
            hand_back(connection, broadcast.id, at)


def silence(engine: Engine, broadcast_id: str, number: int, by: str, at: float) -> None:
    """Write down that a person silenced one cluster for the rest of it. Raises ``StorageError``."""
    mine = broadcasts.c.id == broadcast_id
    with transaction(engine) as connection:
        row = connection.execute(
            select(broadcasts.c.silenced, broadcasts.c.title).where(mine).with_for_update()
        ).first()
        if row is None:
            return
        told = [*(row.silenced or []), {"number": number, "by": by, "at": at}]
        connection.execute(update(broadcasts).where(mine).values(silenced=told))
        audit.note(connection, at, by, "cluster silenced", row.title, after={"cluster": number})


def hear(engine: Engine, broadcast_id: str, verdict: Verdict, why: Sentence | None) -> None:
    """Write down what the monitor receiver says of it. Raises ``StorageError``."""
    told = {"verdict": verdict, "verdict_why": why.as_json() if why else None}
    with transaction(engine) as connection:
        connection.execute(update(broadcasts).where(broadcasts.c.id == broadcast_id).values(told))


def queued(engine: Engine) -> list[Broadcast]:
    """Return what waits for its time, soonest first. Raises ``StorageError``."""
    rows = select(broadcasts).where(broadcasts.c.state == State.QUEUED).order_by(broadcasts.c.due, broadcasts.c.id)
    with reading(engine) as connection:
        found = connection.execute(rows).mappings().all()
    return [one for row in found if (one := _readable(row)) is not None]


def fail_interrupted(engine: Engine, now: float, reason: Sentence) -> dict[str, str]:
    """End as failed every broadcast that a process of ours left in the middle; return their titles by their ids."""
    unsettled = broadcasts.c.state.not_in([State.QUEUED, *ENDS])
    with transaction(engine) as connection:
        rows = connection.execute(
            select(broadcasts.c.id, broadcasts.c.title, broadcasts.c.on_air_at).where(unsettled)
        ).all()
        for row in rows:
            connection.execute(
                update(broadcasts)
                .where(broadcasts.c.id == row.id)
                .values(state=State.FAILED, ended_at=now, reason=reason.as_json())
            )
            note(connection, row.id, State.FAILED, now, reason)
            if row.on_air_at is None:
                hand_back(connection, row.id, now)
    return {row.id: row.title for row in rows}


def history(
    engine: Engine,
    limit: int = 100,
    offset: int = 0,
    within: tuple[float, float] | None = None,
    search: str = "",
) -> list[dict[str, Any]]:
    """Return the latest broadcasts as rows, newest first; only those of a time, or with ``search`` in the title.

    What still waits for its time is none of them. Identifiers sort by time. Raises ``StorageError``.
    """
    query = select(broadcasts).where(broadcasts.c.state != State.QUEUED)
    query = query.order_by(broadcasts.c.id.desc()).limit(limit).offset(offset)
    if search:
        query = query.where(broadcasts.c.title.contains(search, autoescape=True))
    if within is not None:
        when = func.coalesce(broadcasts.c.on_air_at, broadcasts.c.due, broadcasts.c.created)
        query = query.where(when >= within[0], when < within[1])
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def between(engine: Engine, begin: float, end: float) -> list[dict[str, Any]]:
    """Return the broadcasts of [``begin``, ``end``), by the time for which they were meant. Raises ``StorageError``."""
    when = func.coalesce(broadcasts.c.due, broadcasts.c.on_air_at, broadcasts.c.created)
    with reading(engine) as connection:
        rows = connection.execute(select(broadcasts).where(when >= begin, when < end).order_by(broadcasts.c.id))
        return [dict(row) for row in rows.mappings()]


def get(engine: Engine, broadcast_id: str) -> dict[str, Any] | None:
    """Return the row of one broadcast. Raises ``StorageError``."""
    with reading(engine) as connection:
        row = connection.execute(select(broadcasts).where(broadcasts.c.id == broadcast_id)).mappings().first()
        return dict(row) if row else None


def is_wanted(engine: Engine, sound: str) -> bool:
    """Return whether something that waits, is prepared or is on air has this sound. Raises ``StorageError``."""
    query = select(broadcasts.c.id).where(broadcasts.c.sound == sound, broadcasts.c.state.not_in(list(ENDS)))
    with reading(engine) as connection:
        return connection.execute(query.limit(1)).first() is not None


def changes(engine: Engine, broadcast_id: str) -> list[tuple[State, float]]:
    """Return every state that a broadcast went through, with its time. Raises ``StorageError``."""
    rows = select(broadcast_changes).where(broadcast_changes.c.broadcast_id == broadcast_id)
    with reading(engine) as connection:
        found = connection.execute(rows.order_by(broadcast_changes.c.id)).mappings()
        return [(State(row["state"]), float(row["at"])) for row in found]


def _state_of(broadcast_id: str) -> Select[Any]:
    query = select(broadcasts.c.state, broadcasts.c.on_air_at)
    return query.where(broadcasts.c.id == broadcast_id).with_for_update()


def _announce(connection: Connection, broadcast: Broadcast, now: float, asked: str) -> None:
    connection.execute(
        insert(announcements).values(
            id=broadcast.id,
            title=broadcast.title,
            sound=broadcast.sound,
            clusters=sorted(broadcast.clusters),
            priority=broadcast.priority.word,
            origin=broadcast.origin,
            created=now,
            asked=asked or None,
        )
    )


def insert_broadcast(
    connection: Connection,
    broadcast: Broadcast,
    now: float,
    *,
    announcement_id: str | None = None,
    approved_by: str = "",
    seal: str | None = None,
) -> None:
    connection.execute(
        insert(broadcasts).values(
            id=broadcast.id,
            announcement_id=announcement_id,
            title=broadcast.title,
            sound=broadcast.sound,
            message=broadcast.message,
            clusters=sorted(broadcast.clusters),
            priority=broadcast.priority.word,
            origin=broadcast.origin,
            due=broadcast.due,
            created=now,
            planned_s=broadcast.duration,
            state=State.QUEUED,
            asked_by=broadcast.by or None,
            schedule_id=broadcast.schedule or None,
            late_after_s=broadcast.late_after,
            approved_by=approved_by or None,
            seal=seal,
        )
    )
    note(connection, broadcast.id, State.QUEUED, now, None)


def note(connection: Connection, broadcast_id: str, state: State, at: float, reason: Sentence | None) -> None:
    told = reason.as_json() if reason else None
    connection.execute(insert(broadcast_changes).values(broadcast_id=broadcast_id, state=state, at=at, reason=told))


def _known_under(connection: Connection, asked: str) -> str | None:
    """Return the id of what waits, sounds or has sounded under this name; what never did gives the name up."""
    named = announcements.c.asked == asked
    query = select(announcements.c.id, broadcasts.c.state, broadcasts.c.sounded_s)
    row = connection.execute(
        query.join(broadcasts, broadcasts.c.announcement_id == announcements.c.id).where(named)
    ).first()
    if row is None:
        return None
    if row.state not in ENDS or row.state == State.COMPLETED or row.sounded_s:
        return str(row.id)
    connection.execute(update(announcements).where(named).values(asked=None))
    return None


def _readable(row: Any) -> Broadcast | None:
    try:
        return _broadcast(row)
    except (KeyError, TypeError, ValueError):
        _log.error("the row of broadcast %s cannot be read", row["id"])
        return None


def _broadcast(row: Any) -> Broadcast:
    return Broadcast(
        id=row["id"],
        title=row["title"],
        clusters=frozenset(row["clusters"]),
        priority=Priority.of(row["priority"]),
        sound=row["sound"],
        message=row["message"],
        due=row["due"],
        duration=row["planned_s"],
        origin=row["origin"],
        by=row["asked_by"] or "",
        schedule=row["schedule_id"] or "",
        late_after=_LATE_AFTER_S if row["late_after_s"] is None else row["late_after_s"],
    )


_LATE_AFTER_S = 600.0
"""Of rows that are older than the column."""
