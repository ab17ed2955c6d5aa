"""The fault register on disk."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Engine, case, func, insert, or_, select, update

from broadcaster.storage.database import reading, transaction
from broadcaster.storage.tables import faults
from broadcaster.words import Sentence


def raise_(engine: Engine, kind: str, sentence: Sentence, at: float, *, latched: bool, over: bool) -> None:
    """Write down a fault; one that is ``over`` already only wants to be seen. Raises ``StorageError``.

    One that is written down, and goes on or began at the same moment, is not written twice.
    """
    known = select(faults.c.id).where(
        faults.c.kind == kind, or_(faults.c.cleared_at.is_(None), faults.c.raised_at == at)
    )
    with transaction(engine) as connection:
        if connection.execute(known).first() is not None:
            return
        connection.execute(
            insert(faults).values(
                kind=kind,
                sentence=sentence.as_json(),
                latched=int(latched),
                raised_at=at,
                cleared_at=at if over else None,
            )
        )


def clear(engine: Engine, kind: str, at: float) -> None:
    """It is well again. Raises ``StorageError``."""
    with transaction(engine) as connection:
        connection.execute(
            update(faults).where(faults.c.kind == kind, faults.c.cleared_at.is_(None)).values(cleared_at=at)
        )


def acknowledge(engine: Engine, kind: str, at: float, by: str | None = None) -> None:
    """A person has seen it. Raises ``StorageError``."""
    with transaction(engine) as connection:
        connection.execute(
            update(faults)
            .where(faults.c.kind == kind, faults.c.acknowledged_at.is_(None))
            .values(acknowledged_at=at, acknowledged_by=by)
        )


def end_all(engine: Engine, at: float) -> None:
    """Whoever raised them is gone: what still is wrong is raised again, what holds the queue back stays."""
    open_ = (faults.c.cleared_at.is_(None), faults.c.latched == 0)
    with transaction(engine) as connection:
        ended = case((faults.c.raised_at < at, at), else_=faults.c.raised_at + _A_MOMENT_S)
        connection.execute(update(faults).where(*open_).values(cleared_at=ended))


_A_MOMENT_S = 0.001
"""What ends as it begins waits for a person; this does not."""


def unseen(engine: Engine) -> list[dict[str, Any]]:
    """Return the faults that wait for a person: those that hold the queue back, and those that were over at once.

    Oldest first. Raises ``StorageError``.
    """
    waits = or_(faults.c.latched == 1, faults.c.cleared_at == faults.c.raised_at)
    return _rows(engine, waits, faults.c.acknowledged_at.is_(None))


def open_faults(engine: Engine) -> list[dict[str, Any]]:
    """Return the faults that go on, oldest first. Raises ``StorageError``."""
    return _rows(engine, faults.c.cleared_at.is_(None))


def between(engine: Engine, begin: float, end: float) -> list[dict[str, Any]]:
    """Return the faults that stood open in [``begin``, ``end``]. Raises ``StorageError``."""
    return _rows(engine, faults.c.raised_at <= end, or_(faults.c.cleared_at.is_(None), faults.c.cleared_at >= begin))


def _rows(engine: Engine, *conditions: ColumnElement[bool]) -> list[dict[str, Any]]:
    with reading(engine) as connection:
        rows = connection.execute(select(faults).where(*conditions).order_by(faults.c.raised_at, faults.c.id))
        return [dict(row) for row in rows.mappings()]


def count(engine: Engine, begin: float, end: float) -> int:
    """Return how many faults were raised in [``begin``, ``end``). Raises ``StorageError``."""
    query = select(func.count()).where(faults.c.raised_at >= begin, faults.c.raised_at < end)
    with reading(engine) as connection:
        return int(connection.execute(query).scalar_one())


def latest(engine: Engine, limit: int, *, offset: int = 0) -> list[dict[str, Any]]:
    """Return the faults there were, newest first. Raises ``StorageError``."""
    query = select(faults).order_by(faults.c.raised_at.desc(), faults.c.id.desc()).limit(limit).offset(offset)
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
