"""Loudness by ITU-R BS.1770-5 from K-weighted energies of short blocks: of a sound, and of what gains make of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from broadcaster.model.pcm import RATE

BLOCK = RATE // 100
"""Samples in a block of 10 ms: the grid on which everything is measured, planned and cut."""
PIECE = 30_000
"""Blocks that are worked on at a time, five minutes: memory does not grow with the sound's length."""
STEP = 10
"""Blocks in 100 ms. BS.1770-5, annex 1: gating blocks of 400 ms begin every 100 ms."""
_ABSOLUTE_LUFS, _RELATIVE_LU = -70.0, -10.0
_OFFSET = -0.691

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Levels:
    """What is known of a sound, block by block."""

    energy: Floats
    """Mean square after K weighting."""
    peak: Floats
    """True peak, 1.0 at full scale."""

    def __len__(self) -> int:
        return len(self.energy)

    def part(self, start: int, end: int) -> Levels:
        """Return the levels of some blocks."""
        return Levels(self.energy[start:end], self.peak[start:end])

    def with_gain(self, edges: Floats) -> Levels:
        """Return the levels after a gain that runs straight between the blocks' edges (one more than blocks)."""
        left, right = edges[:-1], edges[1:]
        square = (left * left + left * right + right * right) / 3
        return Levels(self.energy * square, self.peak * np.maximum(left, right))


class Levelled(Protocol):
    """Something whose levels can be asked for part by part."""

    def __len__(self) -> int: ...

    def part(self, start: int, end: int) -> Levels:
        """Return the levels of some blocks."""
        ...


def pieces(blocks: int) -> Iterator[tuple[int, int]]:
    """Yield where each piece begins and ends."""
    for start in range(0, blocks, PIECE):
        yield start, min(start + PIECE, blocks)


def lufs(energy: Floats | float) -> Floats:
    """Return the loudness of mean squares, -120 at least."""
    return np.asarray(_OFFSET + 10 * np.log10(np.maximum(energy, 1e-12)), np.float32)


def steps(energy: Floats) -> Floats:
    """Return the energy of each 100 ms; what is left over at the end does not count."""
    whole = len(energy) // STEP * STEP
    return np.asarray(energy[:whole].reshape(-1, STEP).mean(axis=1), np.float32)


def integrated(energy: Floats) -> float:
    """Return the gated loudness in LUFS of energies of 100 ms each, -inf for silence.

    The standard leaves sounds shorter than 400 ms open: all of such a sound is one gating block.
    """
    if len(energy) < 4:
        gating = energy.mean(keepdims=True) if len(energy) else np.zeros(1, np.float32)
    else:
        gating = np.convolve(energy, np.full(4, 0.25, np.float32), "valid")
    loud = gating[lufs(gating) > _ABSOLUTE_LUFS]
    if not len(loud):
        return float("-inf")
    threshold = float(lufs(loud.mean(dtype=np.float64))) + _RELATIVE_LU
    counted = loud[lufs(loud) > threshold]
    return float(lufs(counted.mean(dtype=np.float64)))
