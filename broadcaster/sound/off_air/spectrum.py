"""Sound as rows of band powers, 20 ms each: all that the comparison looks at."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from broadcaster.model.pcm import BLOCK, RATE, SAMPLE_BYTES

Rows = NDArray[np.float32]
"""One row for 20 ms; columns: the bands of speech, then ``LOW``, ``HIGH`` and ``LEVEL``."""
FRAME_S = BLOCK / RATE
_EDGES_HZ = (200, 350, 550, 800, 1150, 1650, 2400, 3500, 5000)
BANDS = len(_EDGES_HZ) - 1
LOW, HIGH, LEVEL = BANDS, BANDS + 1, BANDS + 2
"""Mean power of a bin from 0.3 to 3 kHz, and from 7 to 12 kHz; and of the whole from 0.2 to 12 kHz."""
COLUMNS = BANDS + 3
_WINDOW = np.hanning(BLOCK).astype(np.float32)
# a full-scale square wave has the power 1: the window's loss and the two sides of the spectrum are made good
_SCALE = np.float32(2 / (BLOCK * np.sum(_WINDOW.astype(np.float64) ** 2)))


def _bins(from_hz: float, to_hz: float) -> slice:
    return slice(round(from_hz * FRAME_S), round(to_hz * FRAME_S))


_BAND_BINS = [_bins(*edges) for edges in pairwise(_EDGES_HZ)]


def rows(pcm: bytes) -> Rows:
    """Return a row for every whole 20 ms of canonical PCM; what is left at its end is left out."""
    whole = len(pcm) // (BLOCK * SAMPLE_BYTES)
    samples = np.frombuffer(pcm, "<i2", whole * BLOCK).astype(np.float32).reshape(whole, BLOCK) / 32768
    spectrum = np.fft.rfft(samples * _WINDOW, axis=1)
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32) * _SCALE
    found = np.empty((whole, COLUMNS), np.float32)
    for column, bins in enumerate(_BAND_BINS):
        found[:, column] = power[:, bins].sum(axis=1)
    found[:, LOW] = power[:, _bins(300, 3000)].mean(axis=1)
    found[:, HIGH] = power[:, _bins(7000, 12000)].mean(axis=1)
    found[:, LEVEL] = power[:, _bins(200, 12000)].sum(axis=1)
    return found


def decibels(power: float) -> float:
    """Return a power in dB; nothing at all is -120."""
    return float(10 * np.log10(max(power, 1e-12)))
