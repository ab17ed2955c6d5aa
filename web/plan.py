"""What is planned, read once for all pages until somebody changes it."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Callable
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from broadcaster.clock import Clock
from broadcaster.model.approval import Standing
from broadcaster.model.schedule import Schedule
from broadcaster.storage.approvals import State
from broadcaster.storage.plan import Plan, plan, signature


class PlanBook:
    """Thread-safe. Every method raises ``StorageError``."""

    def __init__(self, log_book: Callable[[], Engine], key: bytes, zone: ZoneInfo, clock: Clock) -> None:
        self._log_book = log_book
        self._key = key
        self._zone = zone
        self._clock = clock
        self._lock = threading.Lock()
        self._signature: object = None
        self._plan = Plan((), {})
        self._coming: list[tuple[float, Schedule]] = []

    def plan(self) -> Plan:
        """Return what is not over."""
        return self._look()[0]

    def coming(self) -> list[tuple[float, Schedule]]:
        """Return the schedules that still have something to come, with the next time of each, soonest first."""
        return self._look()[1]

    def undecided(self) -> list[tuple[Schedule, State]]:
        """Return what waits for approval or was returned, and what was approved but could not be handed over."""
        known, coming = self._look()
        ahead = {one.id for _, one in coming}
        pairs = [(one, known.states[one.id]) for one in known.schedules if one.at_once or one.id in ahead]
        return [(one, state) for one, state in pairs if one.at_once or state.standing is not Standing.APPROVED]

    def _look(self) -> tuple[Plan, list[tuple[float, Schedule]]]:
        engine, now = self._log_book(), self._clock.now()
        found = signature(engine)
        with self._lock:
            if found != self._signature or (self._coming and self._coming[0][0] <= now):
                self._plan = plan(engine, self._key, now)
                self._coming = sorted(self._next(now), key=lambda pair: pair[0])
                self._signature = found
            return self._plan, self._coming[bisect_right(self._coming, now, key=lambda pair: pair[0]) :]

    def _next(self, now: float) -> list[tuple[float, Schedule]]:
        pairs = [(one.recurrence.next(now, self._zone), one) for one in self._plan.schedules if not one.at_once]
        return [(due, one) for due, one in pairs if due is not None]
