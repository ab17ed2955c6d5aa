"""What was approved to sound at once, and never did: it stands as approved again, for somebody to sound it."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from broadcaster.storage import audit
from broadcaster.storage.tables import announcements, broadcasts, schedules


def hand_back(connection: Connection, broadcast_id: str, now: float) -> None:
    """Bring back the bulletin that this broadcast was to sound, if it came of one. Nothing sounds by that alone."""
    named = select(announcements.c.asked).join(broadcasts, broadcasts.c.announcement_id == announcements.c.id)
    asked = named.where(broadcasts.c.id == broadcast_id).scalar_subquery()
    gone = (schedules.c.id == asked, schedules.c.at_once == 1, schedules.c.removed.is_not(None))
    row = connection.execute(select(schedules.c.id, schedules.c.title).where(*gone).with_for_update()).first()
    if row is None:
        return
    back = {"removed": None, "revision": schedules.c.revision + 1, "settled_until": now, "changed": now}
    connection.execute(update(schedules).where(schedules.c.id == row.id).values(**back))
    audit.note(connection, now, "", "bulletin restored", row.title)
