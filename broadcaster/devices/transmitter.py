"""A transmitter keyed through a relay contact, with its time-out and its latch."""

from __future__ import annotations

import threading
from collections.abc import Callable

from broadcaster.clock import Clock
from broadcaster.devices.interface import RelayBoard
from broadcaster.devices.time_out import TimeOutTimer
from broadcaster.errors import DeviceError


class RelayTransmitter:
    """See ``interface.Transmitter``. ``urgent`` reaches the same contact through the priority lane."""

    def __init__(
        self,
        board: RelayBoard,
        urgent: RelayBoard,
        channel: int,
        *,
        time_out_s: float,
        clock: Clock,
        give_up: Callable[[], None],
        timed_out: Callable[[], None],
    ) -> None:
        self._board = board
        self._channel = channel
        self._on: bool | None = None
        self._one_at_a_time = threading.Lock()  # a person's unkey must not disarm the time-out of a key just given
        self._timer = TimeOutTimer(
            time_out_s, clock, drop=lambda: urgent.switch(channel, False), give_up=give_up, tell=timed_out
        )

    def key(self) -> None:
        """Carrier on, read back. The time-out runs before the command: a lost answer must not outlive it."""
        with self._one_at_a_time:
            self._timer.arm()
            self._on = None
            self._board.switch(self._channel, True)
            self._on = True

    def unkey(self) -> None:
        """Carrier off, read back; idempotent. After a failure the time-out goes on and will try again."""
        with self._one_at_a_time:
            try:
                self._board.switch(self._channel, False)
            except DeviceError:
                self._on = None
                raise
            self._on = False
            self._timer.disarm()

    def rearm(self) -> None:
        """Start the time-out anew."""
        self._timer.arm()

    def read(self) -> bool | None:
        """Return what was last read back; ``None`` when the board could not be read."""
        return self._on
