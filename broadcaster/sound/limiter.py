"""The last step of a mix: a true-peak limiter that knows what comes, and leaves alone what needs none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from broadcaster.sound.gains import limited
from broadcaster.sound.levels import BLOCK, Floats


class Limiter:
    """Gains over the whole of a mix: 1, and less around what would exceed the peak."""

    def __init__(self, peaks: Floats, peak_dbtp: float, *, summed: Floats | None = None) -> None:
        """``peaks`` are those of what lies alone; ``summed`` what a bed adds to each block.

        What was prepared for this peak stands as it is, bit for bit: the limiter's margin is for sums only.
        """
        highest = 10 ** (peak_dbtp / 20)
        alone = np.where(peaks <= highest, 0, peaks).astype(np.float32)
        if summed is not None:
            alone = np.where(summed > 0, peaks + summed, alone).astype(np.float32)
        self._edges = limited(alone, np.ones(len(peaks) + 1, np.float32), peak_dbtp)

    def gains(self, place: int, length: int) -> NDArray[np.float64]:
        """Return the gain for each sample from a place on, or one for all of them."""
        first = place // BLOCK
        edges = self._edges[first : (place + length) // BLOCK + 2]
        if edges.min() == 1:
            return np.array(1.0)
        return np.interp(np.arange(place, place + length) / BLOCK - first, np.arange(len(edges)), edges)


def scaled(pcm: bytes, gains: NDArray[np.float64]) -> bytes:
    """Return PCM times its gains; untouched where they are 1 throughout."""
    if gains.ndim == 0 and gains == 1:
        return pcm
    return np.rint(np.frombuffer(pcm, "<i2") * gains).astype("<i2").tobytes()
