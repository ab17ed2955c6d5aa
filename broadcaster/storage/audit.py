"""The audit: every change with what was before and after, written in the same transaction as the change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, insert, or_, select

from broadcaster.storage.database import reading
from broadcaster.storage.tables import audit


def note(
    connection: Connection,
    at: float,
    by: str,
    what: str,
    subject: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write down that ``by`` did ``what`` to ``subject``; of ``before`` and ``after`` only what differs."""
    if before is not None and after is not None:
        changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
        before = {key: value for key, value in before.items() if key in changed}
        after = {key: value for key, value in after.items() if key in changed}
    connection.execute(insert(audit).values(at=at, by_name=by, what=what, subject=subject, before=before, after=after))


def latest(engine: Engine, limit: int, *, offset: int = 0, search: str = "") -> list[dict[str, Any]]:
    """Return the rows, newest first; with ``search`` only those whose subject or person holds it."""
    query = select(audit).order_by(audit.c.id.desc()).limit(limit).offset(offset)
    if search:
        query = query.where(or_(audit.c.subject.contains(search, autoescape=True), audit.c.by_name == search))
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
