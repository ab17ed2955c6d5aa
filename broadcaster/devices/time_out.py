"""The transmit time-out: drops the carrier when the sequence does not, and trusts nothing above it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from broadcaster.clock import Clock


class TimeOutTimer:
    """A thread that calls ``drop`` when it was not disarmed or re-armed within ``limit_s``.

    When ``drop`` cannot reach the hardware, ``give_up`` ends the process, so that the supervisor acts.
    ``tell`` is called after the carrier was dropped, for the sequence to stop feeding a dead carrier.
    """

    def __init__(
        self,
        limit_s: float,
        clock: Clock,
        *,
        drop: Callable[[], None],
        give_up: Callable[[], None],
        tell: Callable[[], None],
    ) -> None:
        self._limit_s = limit_s
        self._clock = clock
        self._drop = drop
        self._give_up = give_up
        self._tell = tell
        self._deadline: float | None = None
        self._changed = threading.Condition()
        threading.Thread(target=self._run, name="transmit time-out", daemon=True).start()

    def arm(self) -> None:
        """Start the limit anew."""
        with self._changed:
            self._deadline = self._clock.monotonic() + self._limit_s
            self._changed.notify()

    def disarm(self) -> None:
        """The carrier is known to be off."""
        with self._changed:
            self._deadline = None
            self._changed.notify()

    def _run(self) -> None:
        while True:
            self._wait_until_due()
            try:
                self._drop()
            except Exception:  # noqa: BLE001 - top of the thread: whatever it is, the carrier may be up
                self._give_up()
            self._tell()

    def _wait_until_due(self) -> None:
        with self._changed:
            while True:
                now = self._clock.monotonic()
                if self._deadline is not None and now >= self._deadline:
                    self._deadline = None
                    return
                self._changed.wait(None if self._deadline is None else self._deadline - now)
