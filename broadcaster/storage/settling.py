"""Every occurrence of a schedule becomes exactly one broadcast: queued, or missed with its reason."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Engine, and_, select, update

from broadcaster.errors import UsageError
from broadcaster.model.broadcast import Broadcast, State
from broadcaster.model.relay import connects_s
from broadcaster.model.schedule import Schedule
from broadcaster.storage import approvals, moved
from broadcaster.storage.approvals import State as Approval
from broadcaster.storage.broadcasts import insert_broadcast, note
from broadcaster.storage.database import transaction
from broadcaster.storage.ground import Ground
from broadcaster.storage.schedule_rows import readable
from broadcaster.storage.tables import broadcasts, schedules
from broadcaster.words import Sentence

NOT_RUNNING = Sentence("At its time the controller did not run, its clock leapt, or the log book could not be written.")


@dataclass(frozen=True)
class Settled:
    """The broadcasts of occurrences that had no row before; ``lost`` are those that will not sound, and why."""

    queued: list[Broadcast]
    lost: list[tuple[Broadcast, State, Sentence]]
    waits: bool = False
    """One could be made ready already, but is not approved: look again soon."""


def settle(engine: Engine, schedule_id: str, until: float, ground: Ground) -> Settled:
    """Give every occurrence up to ``until`` its row; whatever the clock does, never a second one.

    Raises ``StorageError``.
    """
    with transaction(engine) as connection:
        query = select(schedules).where(schedules.c.id == schedule_id, schedules.c.removed.is_(None))
        row = connection.execute(query.with_for_update()).mappings().first()
        schedule = readable(dict(row)) if row else None
        if row is None or schedule is None:
            return Settled([], [])
        return settle_row(connection, schedule, row["settled_until"], until, ground)


def settle_row(connection: Connection, schedule: Schedule, after: float, until: float, ground: Ground) -> Settled:
    """The same within a transaction; occurrences up to ``after`` have their rows already."""
    settled = Settled([], [])
    if schedule.sleeps:
        return settled
    approval = approvals.state_of(connection, schedule, ground.key)
    if approval.refusal is not None:  # a relay is made ready early: until it must be, it can still be approved
        until, ready = until - connects_s(schedule.sound), until
        waits = bool(list(schedule.recurrence.between(until, ready, ground.zone)))
        settled = Settled([], [], waits)
    # from now on at the latest: a clock that ran ahead, and was set right, has settled what is still to come
    for due in schedule.recurrence.between(min(after, ground.now), until, ground.zone):
        if not _has_row(connection, schedule.id, due, ground.now):
            if (elsewhere := moved.find(connection, schedule.id, due, ground.zone)) is not None:
                call_off_one(connection, schedule, due, elsewhere, ground)
                continue
            _supersede(connection, schedule.id, due)
            _settle_one(connection, schedule, due, ground, settled, approval)
    connection.execute(update(schedules).where(schedules.c.id == schedule.id).values(settled_until=until))
    return settled


def call_off(connection: Connection, schedule: Schedule, until: float, reason: Sentence, ground: Ground) -> None:
    """Give what has no row yet one that says why it will not sound."""
    for due in schedule.recurrence.between(ground.now, until, ground.zone):
        call_off_one(connection, schedule, due, reason, ground)


def call_off_one(connection: Connection, schedule: Schedule, due: float, reason: Sentence, ground: Ground) -> bool:
    """The same for one occurrence; false when it has its row already, or is none."""
    if due not in schedule.recurrence.between(due - 1, due, ground.zone):
        return False
    if _has_row(connection, schedule.id, due, ground.now):
        return False
    _supersede(connection, schedule.id, due)
    try:
        clusters = schedule.target.within(ground.network)
    except UsageError:  # the configuration has changed since
        clusters = frozenset()
    broadcast = schedule.occurrence(due, clusters)
    insert_broadcast(connection, broadcast, ground.now)
    _end(connection, broadcast.id, State.ABORTED, ground.now, reason)
    return True


def withdraw(connection: Connection, schedule_id: str, at: float, reason: Sentence) -> None:
    """End what waits for its time as aborted."""
    waiting = and_(broadcasts.c.schedule_id == schedule_id, broadcasts.c.state == State.QUEUED)
    _let_go(connection, waiting, at, reason, overtaken=True)


def let_go(
    engine: Engine, broadcast_ids: Collection[str], at: float, reason: Sentence, *, overtaken: bool
) -> list[str]:
    """The same for broadcasts that surely will never be keyed; return them. Raises ``StorageError``.

    ``overtaken``: a schedule has changed, and may sound at that time as it is now. Otherwise a person cancelled
    this one occurrence, and nothing sounds in its place.
    """
    unkeyed = broadcasts.c.state.in_([State.QUEUED, State.PREPARING])
    with transaction(engine) as connection:
        return _let_go(connection, and_(broadcasts.c.id.in_(broadcast_ids), unkeyed), at, reason, overtaken=overtaken)


def _let_go(
    connection: Connection, which: ColumnElement[bool], at: float, reason: Sentence, *, overtaken: bool
) -> list[str]:
    found = [str(one) for one in connection.execute(select(broadcasts.c.id).where(which)).scalars()]
    for broadcast_id in found:
        _end(connection, broadcast_id, State.ABORTED, at, reason)
        if overtaken:
            connection.execute(update(broadcasts).where(broadcasts.c.id == broadcast_id).values(schedule_id=None))
    return found


def _settle_one(
    connection: Connection, schedule: Schedule, due: float, ground: Ground, settled: Settled, approval: Approval
) -> None:
    try:
        broadcast, gone = schedule.occurrence(due, schedule.target.within(ground.network)), None
    except UsageError as error:  # the configuration has changed since
        broadcast, gone = schedule.occurrence(due, frozenset()), error.sentence
    insert_broadcast(connection, broadcast, ground.now, approved_by=approval.by)
    if gone is None and approval.refusal is None and ground.now - due <= schedule.late_after:
        settled.queued.append(broadcast)
        return
    state, reason = State.MISSED, NOT_RUNNING
    if approval.refusal is not None:
        state, reason = State.REFUSED, approval.refusal
    elif gone is not None:
        state, reason = State.FAILED, gone
    _end(connection, broadcast.id, state, ground.now, reason)
    settled.lost.append((broadcast, state, reason))


def _has_row(connection: Connection, schedule_id: str, due: float, now: float) -> bool:
    """What was missed before its time has come does not count: the clock was wrong then."""
    same = [broadcasts.c.schedule_id == schedule_id, broadcasts.c.due == due]
    if due > now:
        same.append(broadcasts.c.state != State.MISSED)
    return connection.execute(select(broadcasts.c.id).where(*same)).first() is not None


def _supersede(connection: Connection, schedule_id: str, due: float) -> None:
    """What was missed too early stays in the log, but is no occurrence any more: that one is still to come."""
    early = (broadcasts.c.schedule_id == schedule_id, broadcasts.c.due == due, broadcasts.c.state == State.MISSED)
    connection.execute(update(broadcasts).where(*early).values(schedule_id=None, due=None))


def _end(connection: Connection, broadcast_id: str, state: State, at: float, reason: Sentence) -> None:
    connection.execute(
        update(broadcasts)
        .where(broadcasts.c.id == broadcast_id)
        .values(state=state, ended_at=at, reason=reason.as_json(), sounded_s=0.0)
    )
    note(connection, broadcast_id, state, at, reason)
