"""Notices that a broadcast is on air but its programme cannot be heard.

Fed by the player with the loudest sample of each block of the programme: codes and planned pauses are none.
It counts samples and asks no clock, so that it costs a comparison a block and never waits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from broadcaster.clock import Clock
from broadcaster.model.pcm import BLOCK, RATE
from broadcaster.playout.events import Emit, FaultCleared, FaultRaised
from broadcaster.words import Sentence

KIND = "silence"
_MARGIN_S = 1.0
"""Sounds begin and end softly."""


@dataclass(frozen=True)
class SilenceRule:
    """Nothing louder than ``dbfs`` for ``after_s`` seconds is silence."""

    after_s: float = 5.0
    dbfs: float = -45.0

    @property
    def blocks(self) -> int:
        """After how many blocks it is told."""
        return max(1, math.ceil(self.after_s * RATE / BLOCK))

    @property
    def peak(self) -> float:
        """The loudest sample that is still silence."""
        return float(32768 * 10 ** (self.dbfs / 20))


class SilenceWatch:
    """Raises a fault as soon as it has been silent too long; clears it with the first block that is heard."""

    def __init__(self, rule: SilenceRule, emit: Emit, clock: Clock) -> None:
        self._emit = emit
        self._clock = clock
        self._rule = self._now = rule
        self._peak = rule.peak
        self._silent = 0

    def begin(self, pause_s: float = 0.0) -> None:
        """A programme begins in which ``pause_s`` at a time are silent on purpose."""
        self._now = replace(self._rule, after_s=max(self._rule.after_s, pause_s + _MARGIN_S if pause_s else 0.0))

    def hear(self, peak: int, title: str) -> None:
        """A block of the programme called ``title`` was handed over; ``peak`` is its loudest sample."""
        if peak > self._peak:
            self.end()
            return
        self._silent += 1
        if self._silent == self._now.blocks:
            now = self._clock.now()
            self._emit(FaultRaised(KIND, _silent(title, self._now.after_s), now - self._silent * BLOCK / RATE))

    def end(self) -> None:
        """Sound has come, or the programme is over."""
        told, self._silent = self._silent >= self._now.blocks, 0
        if told:
            self._emit(FaultCleared(KIND, self._clock.now()))


def _silent(title: str, seconds: float) -> Sentence:
    return Sentence("On air, but no sound for {seconds} seconds: “{title}”.", seconds=f"{seconds:g}", title=title)
