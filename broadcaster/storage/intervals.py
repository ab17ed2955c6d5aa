"""Since when a device was in which state, by what evidence. Time without a row is unknown, never "up"."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, case, func, insert, or_, select, update

from broadcaster.model.evidence import Evidence
from broadcaster.storage.database import reading, transaction
from broadcaster.storage.tables import device_intervals


def enter(engine: Engine, device: str, state: str, evidence: Evidence, at: float) -> None:
    """Close the device's interval and begin another, unless nothing changed. Raises ``StorageError``."""
    table = device_intervals
    with transaction(engine) as connection:
        current = connection.execute(
            select(table.c.id, table.c.state, table.c.evidence, table.c.from_at).where(
                table.c.device == device, table.c.until_at.is_(None)
            )
        ).first()
        if current is not None:
            if (current.state, current.evidence) == (state, evidence):
                return
            connection.execute(update(table).where(table.c.id == current.id).values(until_at=max(at, current.from_at)))
        connection.execute(
            insert(table).values(device=device, state=state, evidence=evidence, from_at=at, until_at=None)
        )


def end_all(engine: Engine, at: float) -> None:
    """The controller goes, or was last alive, at ``at``: what is open ends there. Raises ``StorageError``."""
    table = device_intervals
    with transaction(engine) as connection:
        ends = case((table.c.from_at > at, table.c.from_at), else_=at)
        connection.execute(update(table).where(table.c.until_at.is_(None)).values(until_at=ends))


def touch(engine: Engine, device: str, at: float) -> None:
    """The device's open interval still goes on at ``at``. Raises ``StorageError``."""
    table = device_intervals
    with transaction(engine) as connection:
        connection.execute(update(table).where(table.c.device == device, table.c.until_at.is_(None)).values(seen_at=at))


def last_sign(engine: Engine) -> float | None:
    """Return the last moment at which the controller was known to run: afterwards nothing is known.

    By its newest row, not by the latest time of all: a clock that once ran ahead must not vouch for what came after.
    After a crash :func:`end_all` takes this, or the time without power would count as up. Raises ``StorageError``.
    """
    table = device_intervals
    signs = [func.max(column) for column in (table.c.from_at, table.c.seen_at)]
    goes_on = select(*signs).where(table.c.device == "controller", table.c.until_at.is_(None))
    ended = select(table.c.until_at).where(table.c.device == "controller").order_by(table.c.id.desc()).limit(1)
    with reading(engine) as connection:
        found = [sign for sign in connection.execute(goes_on).one() if sign is not None]
        return max(found) if found else connection.execute(ended).scalar()


def leap(engine: Engine, before: float, after: float) -> None:
    """The clock was set from ``before`` to ``after``: what goes on ends there, begins here. Raises ``StorageError``."""
    table = device_intervals
    with transaction(engine) as connection:
        mark = {"device": "controller", "state": "leapt", "evidence": Evidence.ACKNOWLEDGED}
        connection.execute(insert(table).values(**mark, from_at=before, until_at=before))
        rows = connection.execute(select(table).where(table.c.until_at.is_(None))).mappings().all()
        for row in rows:
            connection.execute(
                update(table).where(table.c.id == row["id"]).values(until_at=max(before, row["from_at"]))
            )
            going_on = {"device": row["device"], "state": row["state"], "evidence": row["evidence"]}
            connection.execute(insert(table).values(**going_on, from_at=after, until_at=None))


def of(engine: Engine, device: str) -> list[dict[str, Any]]:
    """Return the intervals of a device, oldest first. Raises ``StorageError``."""
    table = device_intervals
    with reading(engine) as connection:
        rows = connection.execute(select(table).where(table.c.device == device).order_by(table.c.from_at, table.c.id))
        return [dict(row) for row in rows.mappings()]


def between(engine: Engine, device: str, begin: float, end: float) -> list[dict[str, Any]]:
    """Return the intervals of a device in [``begin``, ``end``], and the last one before. Raises ``StorageError``."""
    table = device_intervals
    before = select(func.max(table.c.from_at)).where(table.c.device == device, table.c.from_at < begin)
    with reading(engine) as connection:
        since = connection.execute(before).scalar()
        meets = or_(table.c.until_at.is_(None), table.c.until_at >= begin, table.c.from_at >= (since or begin))
        query = select(table).where(table.c.device == device, table.c.from_at <= end, meets)
        return [dict(row) for row in connection.execute(query.order_by(table.c.from_at, table.c.id)).mappings()]


def first_use(engine: Engine) -> float | None:
    """Return when the controller first ran, ``None`` when it never has. Raises ``StorageError``."""
    table = device_intervals
    with reading(engine) as connection:
        return connection.execute(select(func.min(table.c.from_at)).where(table.c.device == "controller")).scalar()
