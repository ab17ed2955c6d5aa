"""Looks after the recordings of the air: compresses what is a day old, removes what has to go, keeps space free.

Mixes that are kept for listening can be made again, so they make room before any recording does.

A thread of its own that does nothing most of the time. It never touches what is on air, and whatever fails here is
told and tried again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from broadcaster.clock import Clock
from broadcaster.config.settings import Settings
from broadcaster.daemon.bus import Bus
from broadcaster.daemon.compressor import Compressor
from broadcaster.daemon.disk import MB, Disk, Room
from broadcaster.home import Home
from broadcaster.model.broadcast import Broadcast
from broadcaster.model.keeping import Kept, Why, going
from broadcaster.model.priority import Priority
from broadcaster.sound import finished, library
from broadcaster.storage import recordings
from broadcaster.words import Sentence

_log = logging.getLogger(__name__)
_EVERY_S = 60.0
_FRESH_S = 60.0
"""What was written to so lately may still be."""
_LEAP_S = 60.0
_DOUBT_S = 3600.0
"""After the clock has leapt nothing is too old for so long: somebody may have set it wrongly."""
_SPARE = 16 * MB


class Archive:
    """:meth:`start` it, or call :meth:`look` by hand."""

    def __init__(
        self,
        settings: Settings,
        home: Home,
        *,
        bus: Bus,
        on_air: Callable[[], Broadcast | None],
        trusted: Callable[[], bool],
        clock: Clock,
        measure: Callable[[], Room] | None = None,
    ) -> None:
        """``trusted``: whether the wall clock can be believed; ``measure`` tells how full the disk is."""
        rules = settings.recordings
        self._keep_s = rules.keep_days * 86400
        self._zone = settings.station.zone
        self._air = home.air
        self._library = home.library
        self._bus = bus
        self._on_air = on_air
        self._trusted = trusted
        self._clock = clock
        self._disk = Disk(rules, home, bus, measure)
        self._compressor = Compressor(home.air, rules.wav_hours * 3600, self._may_compress)
        self._offset = clock.now() - clock.monotonic()
        self._doubt_until = clock.monotonic()
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="archive", daemon=True)

    def start(self) -> None:
        """Begin to look, once a minute."""
        self._thread.start()

    def wake(self) -> None:
        """Look now: an emergency is on air."""
        self._wake.set()

    def close(self) -> None:
        """Look no more; what is being compressed begins anew another time."""
        self._closing = True
        self._wake.set()

    def look(self) -> None:
        """Put everything in order. Raises ``OSError``."""
        with self._lock:
            recordings.sweep(self._air)
            self._remove(self._disk.short)
            self._disk.tell()
            if self._is_emergency():
                self._disk.lend()
            else:
                self._disk.hold_reserve()
        self._compressor.run(self._clock.now(), lambda: self._disk.free)

    def make_room(self) -> bool:
        """The disk is full and what is on air is to be recorded: mixes go, the oldest, then what an emergency has."""
        try:
            with self._lock:
                before = self._disk.free
                removed = self._remove(max(self._disk.short, _SPARE))
                while removed and self._disk.free <= before:  # who listens to a mix that went holds its space still
                    removed = self._remove(_SPARE)
                return removed or (self._is_emergency() and self._disk.let_go())
        except OSError as error:
            _log.error("no room can be made: %s", error)
            return False

    def _run(self) -> None:
        while not self._closing:
            self._wake.clear()
            try:
                self.look()
                self._bus.well("archive")
            except OSError as error:
                why = error.strerror or str(error)
                self._bus.fault("archive", Sentence("The recordings cannot be looked after: {why}", why=why))
            self._wake.wait(_EVERY_S)

    def _remove(self, short: int) -> bool:
        """Remove what is too old; mixes, then the oldest, until ``short`` bytes are free; tell whether any went."""
        may_judge_age = self._may_judge_age()
        freed = self._tidy_library(short, aged=may_judge_age)
        gone = going(self._finished(), self._clock.now(), self._keep_s if may_judge_age else None, short - freed)
        for one, why in gone:
            recordings.remove(self._air, one.id, why)
            _log.info("the recording of %s was removed: %s", one.id, why)
        if for_room := [one for one, why in gone if why is Why.ROOM]:
            self._bus.fault("recordings", self._removed(for_room), momentary=True)
        return bool(gone or freed)

    def _tidy_library(self, short: int, *, aged: bool) -> int:
        """Remove drafts and mixes left behind for a day; mixes until ``short`` bytes are free; return how many."""
        try:
            if aged:
                library.sweep(self._library)
            freed = finished.drop(self._library, short, self._clock.now())
        except OSError as error:  # the recordings are looked after all the same
            _log.error("the library cannot be tidied: %s", error)
            return 0
        if freed:
            _log.info("kept mixes of %d bytes were removed: they are made anew when somebody listens", freed)
        return freed

    def _removed(self, gone: list[Kept]) -> Sentence:
        until = datetime.fromtimestamp(gone[-1].at, self._zone)
        return Sentence(
            "The disk was full: {count} of the oldest recordings, up to {until}, were removed.",
            count=len(gone),
            until=f"{until:%d/%m/%Y}",
        )

    def _finished(self) -> list[Kept]:
        on_air, now = self._on_air(), self._clock.now()
        busy = on_air.id if on_air is not None else ""
        return [one for one in recordings.kept(self._air) if one.id != busy and abs(now - one.at) > _FRESH_S]

    def _may_judge_age(self) -> bool:
        ticks, offset = self._clock.monotonic(), self._clock.now() - self._clock.monotonic()
        if abs(offset - self._offset) > _LEAP_S:
            self._doubt_until = ticks + _DOUBT_S
        self._offset = offset
        return self._trusted() and ticks >= self._doubt_until

    def _is_emergency(self) -> bool:
        on_air = self._on_air()
        return on_air is not None and on_air.priority is Priority.EMERGENCY

    def _may_compress(self) -> bool:
        return not self._closing and self._on_air() is None
