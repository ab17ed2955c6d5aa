"""Finds how a recording's level wanders (who stands farther from the telephone), and the gain that evens it out."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from broadcaster.sound.gains import smoothed
from broadcaster.sound.levels import Floats, lufs

_WIDE = 61
"""Steps of 100 ms that are looked at around each: six seconds."""
_SPEECH_DB = 8.0
"""Speech rises and falls at least so much within six seconds; noise, hum and dense music do not."""
_ACTIVE_DB = 12.0
_FAINTEST_DB = 35.0
"""Below the loudest speech: what is fainter is background, whatever its shape."""
_MOST_DB = 18.0


def evening(energy: Floats) -> Floats:
    """Return decibels for each 100 ms, 0 in the middle; all 0 for what does not move like speech."""
    flat = np.zeros(max(1, len(energy)), np.float32)
    if len(energy) < _WIDE:
        return flat
    active = _active(lufs(smoothed(energy, 3)))
    weight = smoothed(active.astype(np.float32), _WIDE)
    known = weight > 0.05
    if not known.any():
        return flat
    local = lufs(smoothed(energy * active, _WIDE)[known] / weight[known])
    wanted = np.interp(np.arange(len(energy)), np.flatnonzero(known), np.median(local) - local)
    return smoothed(np.clip(wanted, -_MOST_DB, _MOST_DB).astype(np.float32), 11)


def _active(level: Floats) -> NDArray[np.bool_]:
    """Return which steps hold somebody speaking."""
    around = sliding_window_view(np.pad(level, _WIDE // 2, mode="edge"), _WIDE)
    top, bottom = around.max(axis=1), around.min(axis=1)
    speech = top - bottom > _SPEECH_DB
    faintest = max(float(top.max()) - _FAINTEST_DB, -70.0)
    return np.asarray(speech & (level > top - _ACTIVE_DB) & (level > faintest))
