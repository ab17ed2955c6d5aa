"""Evens out the loudness of what comes as it comes: a slow gain, and a ceiling that no sample passes."""

from __future__ import annotations

import math

import numpy as np

from broadcaster.model.pcm import BLOCK, BLOCK_BYTES, RATE
from broadcaster.sound.goal import Target

_MOST_DB = 12.0
_UP_DB, _DOWN_DB = 1.0, 6.0
"""How fast the gain moves, in a second."""
_GATE_DBFS = -45.0
_MEMORY_S = 3.0
_MARGIN_DB = 1.0
"""Between samples a peak can be higher than any of them."""
_BLOCK_S = BLOCK / RATE


def level_dbfs(block: bytes) -> float:
    """Return the mean level of a block."""
    samples = np.frombuffer(block, "<i2").astype(np.float64)
    power = float(np.mean(samples**2)) / 32768**2 if len(samples) else 0.0
    return 10 * math.log10(power) if power > 1e-10 else -100.0


class Levelling:
    """Gives each block back one block later: so it knows what comes."""

    def __init__(self, goal: Target) -> None:
        self._goal_db = goal.lufs
        self._ceiling = 32768 * 10 ** ((goal.peak_dbtp - _MARGIN_DB) / 20)
        self._power: float | None = None
        self.gain_db = 0.0
        self._waiting = np.zeros(BLOCK)
        self._allowed = 1.0
        self._edge = 1.0

    def even(self, block: bytes) -> bytes:
        """Take in a block, return the one before it, levelled. Silence moves no gain."""
        coming = np.frombuffer(block.ljust(BLOCK_BYTES, b"\0"), "<i2").astype(np.float64)
        self._follow(level_dbfs(block))
        peak = float(np.abs(coming).max())
        gain = 10 ** (self.gain_db / 20)
        allowed = min(gain, self._ceiling / peak) if peak else gain
        edge = min(self._allowed, allowed)
        out = self._waiting * np.linspace(self._edge, edge, BLOCK)
        self._waiting, self._allowed, self._edge = coming, allowed, edge
        return np.clip(np.rint(out), -32768, 32767).astype("<i2").tobytes()

    def _follow(self, level: float) -> None:
        if level < _GATE_DBFS:
            return
        power = 10 ** (level / 10)
        share = _BLOCK_S / _MEMORY_S
        self._power = power if self._power is None else self._power + share * (power - self._power)
        wanted = self._goal_db - 10 * math.log10(self._power)
        wanted = max(-_MOST_DB, min(_MOST_DB, wanted))
        step = max(-_DOWN_DB * _BLOCK_S, min(_UP_DB * _BLOCK_S, wanted - self.gain_db))
        self.gain_db += step
