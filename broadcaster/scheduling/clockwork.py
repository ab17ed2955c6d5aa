"""APScheduler as the clock hand: calls a function at a wall-clock second, and never drops one for being late.

The memory store is refilled from our own rows at each start, so nothing is lost with the process.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger

from broadcaster.model.recurrence import Recurrence
from broadcaster.scheduling.trigger import RecurrenceTrigger

_LOOK_S = 0.5
logging.getLogger("apscheduler").setLevel(logging.ERROR)


class ClockHand(Protocol):
    """What wakes the programme; a test brings one that runs on a clock of its own."""

    def follow(self, name: str, rule: Recurrence, zone: ZoneInfo, ahead_s: float, call: Callable[[], None]) -> None:
        """Call ``call`` so many seconds before each occurrence; a second ``follow`` of a name replaces."""

    def cancel(self, name: str) -> bool:
        """Forget ``name``; return whether it was waiting."""


class _WatchfulScheduler(BackgroundScheduler):  # type: ignore[misc]
    """Looks at the wall clock twice a second, however far off the next job is.

    APScheduler sleeps on the monotonic clock until the next job: after the wall clock jumped forward a due
    job would run late. A tick as a job of its own would not do: after a jump back it would not come for as long.
    """

    looked: Callable[[], None]

    def _process_jobs(self) -> float:
        self.looked()
        try:
            wait = super()._process_jobs()
        except JobLookupError:
            if self.running:
                raise
            return _LOOK_S  # shut down while it was at work: its store is empty already
        return _LOOK_S if wait is None else min(wait, _LOOK_S)


class Clockwork:
    """One scheduler. ``looked`` is called twice a second while it progresses."""

    def __init__(self, looked: Callable[[], None]) -> None:
        self._scheduler = _WatchfulScheduler(
            timezone=UTC,
            # the lateness policy is ours: APScheduler would drop a run that is one second late
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._scheduler.looked = looked

    def start(self) -> None:
        """Begin to call."""
        self._scheduler.start()

    def at(self, name: str, moment: float, call: Callable[[], None]) -> None:
        """Call ``call`` at ``moment`` (Unix seconds; at once when it is past); a second ``at`` of a name replaces."""
        when = datetime.fromtimestamp(moment, UTC)
        self._scheduler.add_job(call, "date", run_date=when, id=name, replace_existing=True)

    def follow(self, name: str, rule: Recurrence, zone: ZoneInfo, ahead_s: float, call: Callable[[], None]) -> None:
        """Call ``call`` so many seconds before each occurrence; a second ``follow`` of a name replaces."""
        trigger = RecurrenceTrigger(rule, zone, ahead_s)
        self._scheduler.add_job(call, trigger, id=name, replace_existing=True)

    def names(self) -> list[str]:
        """Return the names of :meth:`at` that wait, soonest first."""
        return [str(job.id) for job in self._scheduler.get_jobs() if isinstance(job.trigger, DateTrigger)]

    def next_at(self) -> float | None:
        """Return the Unix second of the next call, ``None`` when none is owed."""
        times = [job.next_run_time.timestamp() for job in self._scheduler.get_jobs() if job.next_run_time]
        return min(times, default=None)

    def cancel(self, name: str) -> bool:
        """Forget ``name``; return whether it was waiting."""
        try:
            self._scheduler.remove_job(name)
        except JobLookupError:
            return False
        return True

    def close(self) -> None:
        """Call nothing more."""
        self._scheduler.shutdown(wait=False)
