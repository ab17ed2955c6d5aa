"""Since when a device was in which state, by what evidence. Time without a row is unknown, never "up"."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, insert, select, update

from broadcaster.model.evidence import Evidence
from broadcaster.storage.database import transaction
from broadcaster.storage.tables import device_intervals


def enter(engine: Engine, device: str, state: str, evidence: Evidence, at: float) -> None:
    """Close the device's interval and begin another, unless nothing changed. Raises ``StorageError``."""
    table = device_intervals
    with transaction(engine) as connection:
        current = connection.execute(
            select(table.c.id, table.c.state, table.c.evidence).where(
                table.c.device == device, table.c.until_at.is_(None)
            )
        ).first()
        if current is not None:
            if (current.state, current.evidence) == (state, evidence):
                return
            connection.execute(update(table).where(table.c.id == current.id).values(until_at=at))
        connection.execute(
            insert(table).values(device=device, state=state, evidence=evidence, from_at=at, until_at=None)
        )


def end_all(engine: Engine, at: float) -> None:
    """The controller goes, or was last alive, at ``at``: what is open ends there. Raises ``StorageError``."""
    table = device_intervals
    with transaction(engine) as connection:
        connection.execute(update(table).where(table.c.until_at.is_(None)).values(until_at=at))


def of(engine: Engine, device: str) -> list[dict[str, Any]]:
    """Return the intervals of a device, oldest first. Raises ``StorageError``."""
    table = device_intervals
    with transaction(engine) as connection:
        rows = connection.execute(select(table).where(table.c.device == device).order_by(table.c.from_at, table.c.id))
        return [dict(row) for row in rows.mappings()]
