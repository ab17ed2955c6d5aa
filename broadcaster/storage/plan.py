"""What may still sound: the schedules that are not over, and where each stands with its approval."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from broadcaster.model.schedule import Schedule
from broadcaster.storage import approvals, schedules
from broadcaster.storage.approvals import State


@dataclass(frozen=True)
class Plan:
    """``states`` by the id of the schedule."""

    schedules: tuple[Schedule, ...]
    states: dict[str, State]


def plan(engine: Engine, key: bytes, now: float) -> Plan:
    """Return what is planned after ``now`` (Unix seconds). Raises ``StorageError``."""
    known = schedules.current(engine, after=now)
    return Plan(tuple(known), approvals.states(engine, known, key))


def signature(engine: Engine) -> tuple[int, ...]:
    """Return what differs after every change of a plan. Raises ``StorageError``."""
    return (*schedules.signature(engine), *approvals.signature(engine))
