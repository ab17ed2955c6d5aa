"""Remembers the latest time this station saw, so that a clock that has gone back is noticed."""

from __future__ import annotations

import os
from pathlib import Path

from broadcaster.clock import Clock
from broadcaster.model.rules import clock_is_trusted


class ClockTrust:
    """The memory is the modification time of an empty file: keeping it needs no free disk."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._path = folder / "last-seen"
        self._clock = clock
        self._last_seen = self._read()

    def holds(self) -> bool:
        """Tell whether the wall clock can be believed now; remembers it if so."""
        now = self._clock.now()
        if not clock_is_trusted(now, self._last_seen):
            return False
        if self._last_seen is None or now - self._last_seen > 30:
            self._keep(now)
        return True

    def accept(self) -> None:
        """A person says that the clock is right as it is."""
        self._keep(self._clock.now())

    def _keep(self, now: float) -> None:
        self._last_seen = now
        try:
            self._path.touch()
            os.utime(self._path, (now, now))
        except OSError:
            pass  # kept in memory at least

    def _read(self) -> float | None:
        try:
            return self._path.stat().st_mtime
        except OSError:
            return None
