"""Is it the same sound? Envelopes of what was sent and of what was heard, compared band by band."""

from __future__ import annotations

import numpy as np

from broadcaster.sound.off_air.spectrum import BANDS, Rows

_SMOOTHED = 3
"""Rows: noise wavers within 20 ms, speech hardly within 60."""


def likeness(sent: Rows, heard: Rows) -> float:
    """Return how alike they are, from about 0 to 1, at whatever delay fits best.

    ``heard`` is longer than ``sent``: by as many rows as the delay may be. A band counts as much as it moves in
    what was sent: one that only hums or hisses says nothing.
    """
    mine, theirs = _envelopes(sent), _envelopes(heard)
    mine = mine - mine.mean(axis=0)
    strength = np.sqrt((mine**2).sum(axis=0))
    if not strength.sum():
        return 0.0
    mine = mine / (strength + 1e-9)
    return max(
        _correlation(mine, strength, theirs[delay : delay + len(mine)]) for delay in range(len(theirs) - len(mine) + 1)
    )


def movement(sent: Rows) -> float:
    """Return how much the envelopes move against what they are: 0 for a steady tone, 0.1 for noise, 0.5 for music."""
    mine = _envelopes(sent)
    moved = ((mine - mine.mean(axis=0)) ** 2).sum()
    return float(np.sqrt(moved / max(float((mine**2).sum()), 1e-12)))


def _envelopes(rows: Rows) -> Rows:
    total = np.cumsum(np.pad(rows[:, :BANDS].astype(np.float64), ((1, 0), (0, 0))), axis=0)
    power = np.maximum(total[_SMOOTHED:] - total[:-_SMOOTHED], 0) / _SMOOTHED
    return np.sqrt(power).astype(np.float32)


def _correlation(mine: Rows, strength: Rows, theirs: Rows) -> float:
    theirs = theirs - theirs.mean(axis=0)
    by_band = (mine * theirs).sum(axis=0) / (np.sqrt((theirs**2).sum(axis=0)) + 1e-9)
    return float((by_band * strength).sum() / strength.sum())
