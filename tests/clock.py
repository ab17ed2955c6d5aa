"""Clocks that a test turns by hand."""

from __future__ import annotations

from dataclasses import dataclass

NOON = 1_800_014_400.0
"""12:00 UTC on a day in January 2027."""


@dataclass
class HandClock:
    """Both clocks of a computer; they stand still until :meth:`pass_` moves them together."""

    time: float = NOON
    ticks: float = 0.0

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.ticks

    def pass_(self, seconds: float) -> None:
        """Let time pass."""
        self.time += seconds
        self.ticks += seconds
