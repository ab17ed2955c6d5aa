"""The fault register on disk."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, insert, select, update

from broadcaster.storage.database import transaction
from broadcaster.storage.tables import faults
from broadcaster.words import Sentence


def raise_(engine: Engine, kind: str, sentence: Sentence, at: float, *, latched: bool, over: bool) -> None:
    """Write down a fault; one that is ``over`` already only wants to be seen. Raises ``StorageError``."""
    with transaction(engine) as connection:
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


def acknowledge(engine: Engine, kind: str, at: float) -> None:
    """A person has seen it. Raises ``StorageError``."""
    with transaction(engine) as connection:
        connection.execute(
            update(faults).where(faults.c.kind == kind, faults.c.acknowledged_at.is_(None)).values(acknowledged_at=at)
        )


def latched(engine: Engine) -> list[dict[str, Any]]:
    """Return the faults that hold the queue back until somebody acknowledges. Raises ``StorageError``."""
    with transaction(engine) as connection:
        rows = select(faults).where(faults.c.latched == 1, faults.c.acknowledged_at.is_(None))
        return [dict(row) for row in connection.execute(rows).mappings()]
