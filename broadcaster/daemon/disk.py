"""How full the disk is, told in words, and the space on it that is kept for an emergency."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from broadcaster.config.settings import RecordingsSettings
from broadcaster.daemon.bus import Bus
from broadcaster.daemon.reserve import Reserve
from broadcaster.home import Home
from broadcaster.words import Sentence

_log = logging.getLogger(__name__)
MB = 1_000_000
_LOG_BOOK = 8 * MB
"""With less than this free, an emergency gets what is kept for it."""
_PLENTY = 20
"""A disk so large that this many times the floor are free is in no danger, however full in percent."""


@dataclass(frozen=True)
class Room:
    """Bytes of a disk that may be used: all of them, and those that are free."""

    total: int
    free: int


class Disk:
    """``measure`` is asked anew each time. All of it may raise ``OSError``."""

    def __init__(
        self, rules: RecordingsSettings, home: Home, bus: Bus, measure: Callable[[], Room] | None = None
    ) -> None:
        self._rules = rules
        self._home = home
        self._bus = bus
        self._measure = measure or self._look
        self._reserve = Reserve(home.path / "reserve")

    @property
    def free(self) -> int:
        return self._measure().free

    @property
    def short(self) -> int:
        """How many bytes are free too little; negative when there is room."""
        room = self._measure()
        return self._floor(room) - room.free

    @property
    def scarce(self) -> bool:
        """Whether there is no room even for what is small and not needed.

        Not yet where recordings fill the disk: there the oldest go once a minute, and the floor is missed by little.
        """
        room = self._measure()
        return room.free < self._floor(room) // 2

    def tell(self) -> None:
        """Raise the fault that fits, or clear it."""
        room = self._measure()
        floor, percent = self._floor(room), 100 - 100 * room.free // max(1, room.total)
        full = room.free < floor
        filling = not full and percent >= self._rules.full_percent and room.free < _PLENTY * floor
        self._stands("disk full", _full(room.free // MB) if full else None)
        self._stands("disk filling", _filling(percent) if filling else None)

    def hold_reserve(self) -> None:
        """Take the space for an emergency, when there is room for it."""
        room = self._measure()
        wanted = min(self._rules.reserve_mb * MB, room.total // 8)
        more = wanted - self._reserve.size
        if 0 < more <= room.free - self._floor(room):
            try:
                self._reserve.keep(wanted)
            except OSError as error:
                _log.error("no space can be kept for an emergency: %s", error)
        self._stands("reserve", _NO_RESERVE if self._reserve.size < wanted else None)

    def lend(self) -> None:
        """An emergency is on air: let the space go as soon as the log book needs it."""
        if self.free < _LOG_BOOK:
            self.let_go()

    def let_go(self) -> bool:
        """Let the space go; tell whether there was any."""
        there = self._reserve.let_go()
        if there:
            _log.warning("the space kept for an emergency is used now")
        return there

    def _floor(self, room: Room) -> int:
        return min(self._rules.free_mb * MB, room.total // 10)

    def _look(self) -> Room:
        usage = shutil.disk_usage(self._home.path)
        return Room(usage.used + usage.free, usage.free)

    def _stands(self, kind: str, wrong: Sentence | None) -> None:
        if wrong is None:
            self._bus.well(kind)
        else:
            self._bus.fault(kind, wrong)


_NO_RESERVE = Sentence("The disk has no space left that is kept for an emergency's recording: make room on it.")


def _full(free_mb: int) -> Sentence:
    return Sentence(
        "The disk is full ({free} MB are free): delete what is not needed from this computer.", free=free_mb
    )


def _filling(percent: int) -> Sentence:
    return Sentence(
        "The disk is {percent} % full: when it is full, the oldest recordings of what was on air are removed.",
        percent=percent,
    )
