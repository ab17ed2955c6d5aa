"""How loud a music bed is at each moment: it comes, steps back while somebody speaks, comes up in pauses, and goes."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from broadcaster.model.pcm import RATE
from broadcaster.sound.levels import BLOCK
from broadcaster.sound.run import Run

RAMP = 4 * RATE // 10
"""Samples in which the bed comes, ducks, rises and goes."""
LONG_PAUSE = 2 * RATE
"""Samples of silence from which on the bed comes up in between."""
_SILENT = 10 ** (-45 / 20)


class Ducking:
    """The bed's own gain between its first sample and its last."""

    def __init__(self, start: int, end: int, talk: list[tuple[int, int]], level: float) -> None:
        """``talk`` says from which sample to which somebody speaks; ``level`` is the gain under it."""
        points = [(start, 0.0), (start + RAMP, 1.0)]
        for first, last in talk:
            points += [(first - RAMP, 1.0), (first, level), (last, level), (last + RAMP, 1.0)]
        points += [(end - RAMP, 1.0), (end, 0.0)]
        self._places = np.array([place for place, _ in points])
        self._gains = np.array([gain for _, gain in points])

    def gains(self, place: int, length: int) -> NDArray[np.float64]:
        """Return the gain for each sample, or one for all of them."""
        first, last = np.searchsorted(self._places, [place, place + length], "right")
        at_ends = np.interp([place, place + length], self._places, self._gains)
        if first == last and at_ends[0] == at_ends[1]:
            return np.array(at_ends[0])
        return np.asarray(np.interp(np.arange(place, place + length), self._places, self._gains))

    def most(self, blocks: int) -> NDArray[np.float64]:
        """Return the largest gain in each block, or a little more."""
        edges = np.interp(np.arange(-1, blocks + 2) * BLOCK, self._places, self._gains)
        return np.asarray(sliding_window_view(edges, 4).max(axis=1)[:blocks])


def spoken(run: Run, start: int, end: int) -> list[tuple[int, int]]:
    """Return from which sample to which somebody speaks in a part of a run; short pauses are part of it."""
    talk: list[tuple[int, int]] = []
    for place, over, peaks in run.files():
        if not start <= place < end:
            continue
        loud = np.flatnonzero(peaks > _SILENT)
        breaks = np.flatnonzero((np.diff(loud) - 1) * BLOCK >= LONG_PAUSE) + 1
        for blocks in np.split(loud, breaks) if len(loud) else ():
            first, last = place + int(blocks[0]) * BLOCK, min(place + (int(blocks[-1]) + 1) * BLOCK, over)
            if talk and first - talk[-1][1] < LONG_PAUSE:
                first = talk.pop()[0]
            talk.append((first, last))
    return talk
