"""Watches the key while the carrier is up, and the way to it while it is down.

It is what a timed contact (layer three) lives by: no more ``keep`` from a daemon that is dead or stuck, and
the board lets go by itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from broadcaster.clock import Clock
from broadcaster.errors import BroadcasterError, DeviceError
from broadcaster.words import Sentence

EVERY_S, IDLE_S = 0.7, 2.0
_GROWTH, _LONGEST_PAUSE_S = 1.5, 4.0


class Kept(Protocol):
    """What is watched."""

    def keep(self) -> bool | None: ...
    def read(self) -> bool | None: ...


class KeyWatch:
    """One thread. ``trouble`` and ``well`` are told of the way to the key, ``lost`` of a carrier that is gone,
    ``stray`` of one that is up although nobody keyed."""

    def __init__(
        self,
        transmitter: Kept,
        *,
        held_s: float,
        alive: Callable[[], bool],
        trouble: Callable[[Sentence], None],
        well: Callable[[], None],
        lost: Callable[[], None],
        stray: Callable[[], None],
        clock: Clock,
    ) -> None:
        """``alive``: whether playout gets on; a contact is not kept for one that does not."""
        self._transmitter = transmitter
        self._held_s = held_s
        self._alive = alive
        self._trouble = trouble
        self._well = well
        self._lost = lost
        self._stray = stray
        self._clock = clock
        self._failed_since: float | None = None
        self._pause_s = EVERY_S
        # a contact that is timed must be held again before its first time is over, whenever it was keyed
        self._longest_s = held_s / 2 if held_s else _LONGEST_PAUSE_S
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="key watch", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def close(self) -> None:
        """Watch no more."""
        self._closing.set()
        if self._thread.ident is not None:
            self._thread.join(2)

    def look(self) -> float:
        """Look once; return the seconds until the next look."""
        try:
            meant = self._transmitter.read()
            on = self._transmitter.keep() if self._alive() else None
        except DeviceError as error:
            self._failed(error)
        else:
            self._failed_since, self._pause_s = None, EVERY_S if meant else min(IDLE_S, self._longest_s)
            self._well()
            if on is not None and meant is not None and meant is self._transmitter.read() is not on:
                (self._lost if meant else self._stray)()
        return self._pause_s

    def _failed(self, error: BroadcasterError) -> None:
        now = self._clock.monotonic()
        if self._failed_since is None:
            self._failed_since = now
        self._trouble(error.sentence)
        if not self._held_s or not self._transmitter.read():
            self._pause_s = min(self._pause_s * _GROWTH, self._longest_s)
        elif now - self._failed_since > self._held_s:  # the board has let go
            self._lost()

    def _run(self) -> None:
        while not self._closing.wait(self.look()):
            pass
