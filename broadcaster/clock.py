"""Time, injected: what waits or asks the hour takes a :class:`Clock`, so that a test owns the time."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """The two clocks of a computer."""

    def now(self) -> float:
        """Return Unix seconds (UTC). May jump when somebody sets the clock."""

    def monotonic(self) -> float:
        """Return seconds that never jump; for durations and deadlines."""


class SystemClock:
    """The clock of this computer."""

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()
