"""Emergencies go first, and get a second name afterwards."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, insert, or_, select

from broadcaster.errors import RefusedError, UsageError
from broadcaster.storage import approvals, audit
from broadcaster.storage.database import reading, transaction
from broadcaster.storage.ground import Ground
from broadcaster.storage.tables import broadcasts, countersignatures
from broadcaster.storage.users import User
from broadcaster.words import Sentence

_MOST = 50
_UNSIGNED = (
    select(broadcasts)
    .outerjoin(countersignatures, countersignatures.c.broadcast_id == broadcasts.c.id)
    .where(
        broadcasts.c.priority == "emergency",
        countersignatures.c.broadcast_id.is_(None),
        or_(broadcasts.c.on_air_at.is_not(None), broadcasts.c.sounded_s > 0),  # what never sounded wants none
    )
)


def waiting(engine: Engine) -> list[dict[str, Any]]:
    """Return the emergencies that nobody has countersigned, newest first. Raises ``StorageError``."""
    with reading(engine) as connection:
        found = connection.execute(_UNSIGNED.order_by(broadcasts.c.id.desc()).limit(_MOST)).mappings()
        return [dict(row) for row in found]


def sign(engine: Engine, broadcast_id: str, user: User, note: str, ground: Ground) -> None:
    """Put a second name under an emergency.

    Raises ``RefusedError`` when it is signed already or the user started it and two persons are needed, and
    ``UsageError`` when there is none.
    """
    with transaction(engine) as connection:
        row = connection.execute(_UNSIGNED.where(broadcasts.c.id == broadcast_id)).mappings().first()
        if row is None:
            raise UsageError(Sentence("There is no such emergency, or it is countersigned already."))
        if row["asked_by"] == user.name and approvals.rule_of(connection, ground.key).persons == 2:
            raise RefusedError(Sentence("You started it: another person must countersign it."))
        signed = {"broadcast_id": broadcast_id, "by_id": user.id, "by_name": user.name, "at": ground.now, "note": note}
        connection.execute(insert(countersignatures).values(**signed))
        told = {"id": broadcast_id, "note": note}
        audit.note(connection, ground.now, user.name, "countersigned", row["title"], after=told)
