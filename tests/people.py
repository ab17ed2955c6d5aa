"""Two people of a station's log book, and bulletins that one wrote and the other approved."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select

from broadcaster.model.cluster import Cluster, Network
from broadcaster.model.roles import Role
from broadcaster.model.schedule import Schedule
from broadcaster.storage import deciding, schedules, users
from broadcaster.storage.database import reading
from broadcaster.storage.ground import Ground
from broadcaster.storage.tables import users as table
from broadcaster.storage.users import User

KEY = b"the key of a station in a test.."


def ground_at(now: float) -> Ground:
    """Return the ground of a station with one cluster in UTC."""
    return Ground(ZoneInfo("UTC"), Network((Cluster(1, "Một", "01"),)), now, KEY)


def person(engine: Engine, name: str, role: Role = Role.HEAD) -> User:
    """Return somebody, added if need be."""
    query = select(table).where(table.c.key == users.key_of(name))
    with reading(engine) as connection:
        row = connection.execute(query).mappings().first()
    if row is None:
        users.add(engine, name, 0.0, role=role)
        return person(engine, name, role)
    return users.of_row(dict(row))


def plan(engine: Engine, schedule: Schedule, ground: Ground) -> None:
    """Lan writes it, Hoa approves it."""
    schedules.add(engine, schedule, person(engine, "Lan"), ground.now)
    approve(engine, schedule.id, "Hoa", ground)


def approve(engine: Engine, schedule_id: str, name: str, ground: Ground) -> None:
    """Approve what stands there now."""
    seen = schedules.get(engine, schedule_id)
    assert seen is not None
    deciding.approve(engine, seen, person(engine, name), ground)
