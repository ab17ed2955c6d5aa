"""True peak by four-fold oversampling (ITU-R BS.1770-5, annex 2), block by block, as one matrix product."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from broadcaster.sound.levels import BLOCK, Floats

_PHASES, _TAPS, _FRAME = 4, 16, 96
_HALF = _TAPS // 2
_WORTH_IT = 0.3
_MOST_OVERSHOOT = np.float32(1.42)
"""Between samples of what has next to nothing above 12 kHz."""


class TruePeak:
    """Feed it whole blocks, a second or so at a time."""

    def __init__(self) -> None:
        self._matrix = _matrix()
        self._past = np.zeros(_TAPS - 1, np.float32)

    def add(self, sound: Floats) -> Floats:
        """Return each block's largest magnitude, at and between samples (the filter looks 8 samples back).

        Blocks far below the loudest are not oversampled: theirs is the most it could be.
        """
        ahead = np.concatenate([self._past, sound])
        self._past = ahead[-(_TAPS - 1) :]
        samples = _sample_peak(sound)
        found = samples * _MOST_OVERSHOOT
        loud = np.flatnonzero(samples >= samples.max() * _WORTH_IT)
        blocks = sliding_window_view(ahead, BLOCK + _TAPS - 1)[::BLOCK][loud]
        frames = sliding_window_view(blocks, _FRAME + _TAPS - 1, axis=1)[:, ::_FRAME]
        between = frames.reshape(-1, _FRAME + _TAPS - 1) @ self._matrix
        peak = np.maximum(between.max(axis=1), -between.min(axis=1)).reshape(len(loud), -1).max(axis=1)
        found[loud] = np.maximum(peak, samples[loud])
        return found


def _sample_peak(sound: Floats) -> Floats:
    blocks = sound.reshape(-1, BLOCK)
    found: Floats = np.maximum(blocks.max(axis=1), -blocks.min(axis=1))
    return found


def _matrix() -> Floats:
    """Return the interpolating filter (Kaiser-windowed sinc, three phases between samples) as a banded matrix."""
    matrix = np.zeros((_FRAME + _TAPS - 1, _FRAME, _PHASES - 1))
    for phase in range(1, _PHASES):
        times = np.arange(_TAPS) - (_HALF - 1) - phase / _PHASES
        taps = np.sinc(times) * np.i0(5.0 * np.sqrt(np.maximum(0, 1 - (times / _HALF) ** 2))) / np.i0(5.0)
        for sample in range(_FRAME):
            matrix[sample : sample + _TAPS, sample, phase - 1] = taps / taps.sum()
    return matrix.reshape(_FRAME + _TAPS - 1, -1).astype(np.float32)
