"""The gains that prepare one recording: evened out where it moves like speech, gently compressed, its ends faded."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from broadcaster.sound.evening import evening
from broadcaster.sound.gains import Plan, smoothed
from broadcaster.sound.goal import Target
from broadcaster.sound.levels import STEP, Floats, Levels, lufs, steps

_RATIO, _KNEE_DB, _ABOVE_DB = 2.0, 6.0, 2.0
"""Compressor: ratio, width of its knee, and where it begins above the target loudness."""


class Prepared(Plan):
    """What a recording is multiplied by."""

    def __init__(self, levels: Levels, target: Target) -> None:
        super().__init__(levels, target)
        self._evening = evening(steps(levels.energy))

    def wanted(self, levels: Levels, start: int, end: int) -> Floats:
        """See :class:`Plan`."""
        centres = np.arange(len(self._evening)) * STEP + STEP / 2
        even = np.interp(np.arange(start, end + 1), centres, self._evening) + self.level_db
        gain_db = np.minimum(even, self.target.most_gain_db).astype(np.float32)
        level = lufs(levels.energy) + np.float32(0.5) * (gain_db[:-1] + gain_db[1:])
        gain_db += compression(level, self.target.lufs)
        gain = np.float32(10) ** (gain_db / 20)
        if start == 0:
            gain[0] = 0  # a cut must not click
        if end == len(self.levels):
            gain[-1] = 0
        return np.asarray(gain, np.float32)


def compression(level: Floats, target_lufs: float) -> Floats:
    """Return decibels at each edge for blocks of a loudness: soft knee, 30 ms hold, 50 ms smoothing."""
    over = level - (target_lufs + _ABOVE_DB)
    knee = np.clip(over + _KNEE_DB / 2, 0, _KNEE_DB) ** 2 / (2 * _KNEE_DB)
    reduced = -(1 - 1 / _RATIO) * np.where(over > _KNEE_DB / 2, over, knee)
    edges = sliding_window_view(np.pad(reduced, 2, mode="edge"), 4).min(axis=1)
    return smoothed(edges, 5)
