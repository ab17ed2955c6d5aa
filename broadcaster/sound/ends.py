"""Finds where a sound begins and ends: silence before and after is cut, and a long tail is reported."""

from __future__ import annotations

import numpy as np

from broadcaster.sound.levels import Levels, integrated, lufs, steps

_BELOW_LU = 35.0
_FAINTEST_LUFS = -75.0
_BEFORE, _AFTER = 10, 20
"""Blocks kept before the first and after the last sound: breath and echo."""


def ends(levels: Levels) -> tuple[int, int]:
    """Return the first block to keep, and the one after the last; equal when all is silent."""
    faintest = max(integrated(steps(levels.energy)) - _BELOW_LU, _FAINTEST_LUFS)
    sounding = np.flatnonzero(lufs(levels.energy) > faintest)
    if not len(sounding):
        return 0, 0
    return max(0, int(sounding[0]) - _BEFORE), min(len(levels.energy), int(sounding[-1]) + 1 + _AFTER)
