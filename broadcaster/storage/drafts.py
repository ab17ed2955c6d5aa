"""What people are typing, kept until they save it or throw it away."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, delete, insert, select

from broadcaster.storage.database import reading, transaction
from broadcaster.storage.tables import drafts

NEW = "new"
"""The place of a bulletin that is not in the programme yet; else the id of its schedule."""


def keep(engine: Engine, user_id: int, place: str, typed: dict[str, Any], now: float) -> None:
    """Keep this in place of what was kept before. Raises ``StorageError``."""
    with transaction(engine) as connection:
        connection.execute(delete(drafts).where(drafts.c.user_id == user_id, drafts.c.place == place))
        connection.execute(insert(drafts).values(user_id=user_id, place=place, typed=typed, changed=now))


def get(engine: Engine, user_id: int, place: str) -> tuple[dict[str, Any], float] | None:
    """Return what was typed, and when it changed last. Raises ``StorageError``."""
    query = select(drafts).where(drafts.c.user_id == user_id, drafts.c.place == place)
    with reading(engine) as connection:
        row = connection.execute(query).first()
    return (dict(row.typed), float(row.changed)) if row is not None and isinstance(row.typed, dict) else None


def discard(engine: Engine, user_id: int, place: str) -> None:
    """Forget it. Raises ``StorageError``."""
    with transaction(engine) as connection:
        connection.execute(delete(drafts).where(drafts.c.user_id == user_id, drafts.c.place == place))
