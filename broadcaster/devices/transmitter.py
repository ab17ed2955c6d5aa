"""A transmitter with its key, its time-out and the watch over both."""

from __future__ import annotations

import threading
from collections.abc import Callable

from broadcaster.clock import Clock
from broadcaster.devices.interface import Key
from broadcaster.devices.time_out import TimeOutTimer
from broadcaster.errors import DeviceError
from broadcaster.model.evidence import Evidence


class KeyedTransmitter:
    """See ``interface.Transmitter``. ``urgent`` reaches the same key through the priority lane."""

    def __init__(
        self,
        key: Key,
        urgent: Key,
        *,
        time_out_s: float,
        clock: Clock,
        give_up: Callable[[], None],
        timed_out: Callable[[], None],
    ) -> None:
        self._key = key
        self._on: bool | None = None
        self._one_at_a_time = threading.Lock()  # a person's unkey must not disarm the time-out of a key just given
        self._timer = TimeOutTimer(
            time_out_s, clock, drop=lambda: self._let_go(urgent), give_up=give_up, tell=timed_out
        )

    @staticmethod
    def _let_go(urgent: Key) -> None:
        urgent.off()

    def key(self) -> Evidence:
        """Carrier on. The time-out runs before the command: a lost answer must not outlive it."""
        with self._one_at_a_time:
            self._timer.arm()
            self._on = None
            evidence = self._key.on()
            self._on = True
            return evidence

    def unkey(self) -> Evidence:
        """Carrier off; idempotent. After a failure the time-out goes on and will try again."""
        with self._one_at_a_time:
            try:
                evidence = self._key.off()
            except DeviceError:
                self._on = None
                raise
            self._on = False
            self._timer.disarm()
            return evidence

    def drop_stray(self) -> Evidence | None:
        """Let go of a key that somebody else has pressed; ``None`` when it has been keyed here meanwhile.

        Raises ``DeviceError``.
        """
        with self._one_at_a_time:
            return self._key.off() if self._on is False else None

    def rearm(self) -> None:
        """Start the time-out anew."""
        self._timer.arm()

    def read(self) -> bool | None:
        """Return what was last commanded and not contradicted; ``None`` when the key failed."""
        return self._on

    def keep(self) -> bool | None:
        """While keyed, keep it so: hold a timed contact anew. Return where the key stands, ``None`` if unknown.

        Raises ``DeviceError``.
        """
        with self._one_at_a_time:  # a contact held anew just after it was dropped would be a carrier that sticks
            return self._key.keep() if self._on else self._key.read()
