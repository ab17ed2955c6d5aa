"""Finds the one level at which a chain of gains brings a sound to its loudness, and limits its true peak.

A gain stands at every edge of blocks and runs straight between. As the levels of all of the sound are known
beforehand, nothing lags behind, and the loudness that limiting takes away is made good before a sample is touched.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from broadcaster.sound.goal import Target
from broadcaster.sound.levels import Floats, Levelled, Levels, integrated, pieces, steps

_ROUNDS = 12
_HOPELESS = 0.05
"""LU a decibel: from here on more gain would only be limited away, and heard as crackling."""
_MARGIN_DB = 0.15
"""Two oversampling filters differ by that much about the same peak."""
_REACH = 1
"""Blocks before and after a peak in which the limiter comes and goes."""
_CONTEXT = 8
"""Blocks around a piece that its gains depend on, at most."""


class Plan(ABC):
    """Gains for a sound, part by part; the same whichever parts are asked for."""

    def __init__(self, levels: Levelled, target: Target) -> None:
        self.levels, self.target = levels, target
        self.level_db = 0.0

    def settle(self, within_lu: float = 0.02) -> float:
        """Find the level at which the whole meets the target; return its loudness then.

        By secants: the harder the limiter works, the less a decibel brings. What cannot be reached is left as it is.
        """
        slope, reached = 1.0, self._reached()
        for _ in range(_ROUNDS):
            missing = self.target.lufs - reached
            if abs(missing) < within_lu or not np.isfinite(missing) or slope < _HOPELESS:
                break
            before, most = (self.level_db, reached), self.target.most_gain_db
            self.level_db = float(np.clip(self.level_db + missing / slope, -most, most))
            reached = self._reached()
            moved = self.level_db - before[0]
            slope = min(1.0, (reached - before[1]) / moved) if moved else 0.0
        return reached

    def edges(self, start: int, end: int) -> Floats:
        """Return the gain at each edge from block ``start`` to block ``end``."""
        first, last = max(0, start - _CONTEXT), min(len(self.levels), end + _CONTEXT)
        levels = self.levels.part(first, last)
        wanted = self.wanted(levels, first, last)
        return limited(levels.peak, wanted, self.target.peak_dbtp)[start - first : end - first + 1]

    def result(self, start: int, end: int) -> Levels:
        """Return the levels that the gains lead to."""
        return self.levels.part(start, end).with_gain(self.edges(start, end))

    @abstractmethod
    def wanted(self, levels: Levels, start: int, end: int) -> Floats:
        """Return the gain at each edge before limiting, at ``level_db``; it may look at these levels only."""

    def _reached(self) -> float:
        parts = [steps(self.result(start, end).energy) for start, end in pieces(len(self.levels))]
        return integrated(np.concatenate(parts)) if parts else float("-inf")


def limited(peak: Floats, gain: Floats, peak_dbtp: float) -> Floats:
    """Return the gain, lowered around each block that would exceed the peak; never more than is asked for."""
    most = 10 ** ((peak_dbtp - _MARGIN_DB) / 20)
    loudest = peak * np.maximum(gain[:-1], gain[1:])
    if loudest.max(initial=0) <= most:
        return gain
    need = np.minimum(1, most / np.maximum(loudest, 1e-9)).astype(np.float32)
    around = np.pad(need, _REACH * 2 + 1, constant_values=1)
    least = sliding_window_view(around, _REACH * 2 + 2).min(axis=1)  # for each edge, of the blocks around it
    smooth = sliding_window_view(least, _REACH * 2 + 1).mean(axis=1)
    return np.asarray(gain * smooth, np.float32)


def smoothed(values: Floats, width: int) -> Floats:
    """Return the mean of ``width`` neighbours, an odd number, by a Hann window; the ends count on."""
    window = np.hanning(width + 2)[1:-1]
    padded = np.pad(values, width // 2, mode="edge")
    return np.convolve(padded, (window / window.sum()).astype(np.float32), "valid").astype(np.float32)
