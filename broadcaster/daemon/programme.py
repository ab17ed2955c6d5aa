"""Turns schedules into broadcasts: the clock hand wakes it, and each occurrence is settled in the log book.

It looks at the rows again whenever somebody has changed them, whoever that was: told over the control socket at
once, or noticed within two seconds.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress

from sqlalchemy import Engine

from broadcaster.clock import Clock
from broadcaster.errors import StorageError
from broadcaster.model.broadcast import Broadcast
from broadcaster.model.relay import connects_s
from broadcaster.model.schedule import Schedule
from broadcaster.playout.events import BroadcastMoved, Emit
from broadcaster.scheduling.clockwork import ClockHand
from broadcaster.storage import schedules, settling
from broadcaster.storage.ground import Ground
from broadcaster.words import Sentence

LOOK_S = 2.0
_AHEAD_S = 20.0
"""An occurrence gets its row so long before its carrier, plus a second for each minute of sound."""
_LEAP_S = 1.0
_MOST_TOLD = 20


class Programme(threading.Thread):
    """``notice`` may be called from any thread; all else happens in this one."""

    def __init__(
        self,
        ground: Callable[[], Ground],
        *,
        log_book: Callable[[], Engine],
        clockwork: ClockHand,
        take: Callable[[Broadcast], None],
        withdraw: Callable[[Collection[str], Sentence], object],
        faulty: Callable[[Sentence | None], None],
        emit: Emit,
        clock: Clock,
    ) -> None:
        """``log_book`` raises ``StorageError`` while there is none; ``take`` gets each broadcast that is due soon,
        ``withdraw`` those that a change has overtaken; ``faulty`` is told what is wrong with the rows, or nothing."""
        super().__init__(name="programme", daemon=True)
        self._ground = ground
        self._log_book = log_book
        self._clockwork = clockwork
        self._take = take
        self._withdraw = withdraw
        self._faulty = faulty
        self._emit = emit
        self._clock = clock
        self._wake = threading.Event()
        self._closing = False
        self._signature: object = None
        self._known: dict[str, Schedule] = {}
        self._fired: set[str] = set()
        self._handed: dict[str, Broadcast] = {}
        self._offset = clock.now() - clock.monotonic()

    def notice(self) -> None:
        """Somebody has changed a schedule."""
        self._wake.set()

    def adopt(self, broadcasts: Iterable[Broadcast]) -> None:
        """Before the start: these wait from an earlier process, and are withdrawn like those that came from here."""
        self._handed = {one.id: one for one in broadcasts if one.schedule}

    def close(self) -> None:
        """Settle nothing more."""
        self._closing = True
        self._wake.set()
        if self.is_alive():
            self.join(3)

    def run(self) -> None:
        """Look whenever there is reason to."""
        while not self._closing:
            with suppress(StorageError):  # the journal tells of it, and tries again; so do we
                self.look()
            self._wake.wait(LOOK_S)
            self._wake.clear()

    def look(self) -> None:
        """Take in what has changed, and settle what is due. Raises ``StorageError``."""
        engine = self._log_book()
        leapt, offset = self._clock_has_leapt()
        if (signature := schedules.signature(engine)) != self._signature or leapt:
            self._reload(engine, everything=leapt or self._signature is None)
            self._signature, self._offset = signature, offset
        for schedule_id in list(self._fired):
            self._fired.discard(schedule_id)  # first: it may fire again meanwhile
            try:
                self._settle(engine, schedule_id)
            except StorageError:
                self._fired.add(schedule_id)
                raise

    def _clock_has_leapt(self) -> tuple[bool, float]:
        """APScheduler would sleep through what comes again after the clock was set back."""
        offset = self._clock.now() - self._clock.monotonic()
        return abs(offset - self._offset) > _LEAP_S, offset

    def _reload(self, engine: Engine, *, everything: bool) -> None:
        found, ids = schedules.unsettled(engine)
        current = {schedule.id: schedule for schedule in found}
        self._faulty(Sentence("Schedules that cannot be read: {ids}", ids=", ".join(ids)) if ids else None)
        self._withdraw_overtaken(current)
        for gone in self._known.keys() - current.keys():
            self._clockwork.cancel(gone)
        changed = [one for one in current.values() if everything or self._known.get(one.id) != one]
        self._known = current
        for schedule in changed:
            self._follow(schedule)

    def _follow(self, schedule: Schedule) -> None:
        if schedule.sleeps:
            self._clockwork.cancel(schedule.id)
            return
        self._fired.add(schedule.id)
        zone, ahead = self._ground().zone, self._ahead(schedule)
        self._clockwork.follow(schedule.id, schedule.recurrence, zone, ahead, lambda: self._fire(schedule.id))

    def _fire(self, schedule_id: str) -> None:
        self._fired.add(schedule_id)
        self._wake.set()

    def _ahead(self, schedule: Schedule) -> float:
        return schedule.before + _AHEAD_S + connects_s(schedule.sound) + schedule.duration / 60

    def _settle(self, engine: Engine, schedule_id: str) -> None:
        if (schedule := self._known.get(schedule_id)) is None:
            return
        ground = self._ground()
        settled = settling.settle(engine, schedule_id, ground.now + self._ahead(schedule), ground)
        if settled.waits:
            self._fired.add(schedule_id)
        for broadcast in settled.queued:
            self._handed[broadcast.id] = broadcast
            self._take(broadcast)
        for broadcast, state, reason in settled.lost[-_MOST_TOLD:]:
            self._emit(BroadcastMoved(broadcast, state, ground.now, reason))

    def _withdraw_overtaken(self, current: dict[str, Schedule]) -> None:
        """What waits for a schedule that has changed since must not sound as it was."""
        overtaken = []
        for one in self._handed.values():
            now = current.get(one.schedule)
            if now is None or now != self._known.get(one.schedule, now):
                overtaken.append(one.id)
        self._withdraw(overtaken, Sentence("The schedule was changed before it sounded."))
        yesterday = self._clock.now() - 86400
        self._handed = {
            one.id: one for one in self._handed.values() if one.id not in overtaken and (one.due or 0) > yesterday
        }
