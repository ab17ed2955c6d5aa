"""Digits of DTMF (ITU-T Q.23) in a sound, found by correlation with their eight tones, 10 ms at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from broadcaster.model.pcm import BLOCK, RATE, SAMPLE_BYTES

_STEP = BLOCK // 2
_LOW_HZ, _HIGH_HZ = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
_KEYS = "123A456B789C*0#D"
_SOFTEST = 10 ** (-40 / 10)
_PURE = 0.7
"""Share of what sounds from 0.6 to 1.8 kHz that belongs to the two tones; speech has less."""
_TWIST = 10 ** (9 / 10)
Floats = NDArray[np.float32]
_WINDOW = np.hanning(BLOCK).astype(np.float32)
_TURNS = np.outer((*_LOW_HZ, *_HIGH_HZ), np.arange(BLOCK)) / RATE
_TONES = [(part(2 * np.pi * _TURNS) * _WINDOW).astype(np.float32) for part in (np.cos, np.sin)]
_AROUND = slice(600 * BLOCK // RATE, 1800 * BLOCK // RATE)
_WHOLE_TONE = np.float32(1.5)  # a bin and its two neighbours, of a Hann window, against the bin alone

SURE = 2
"""Looks in a row that must agree before a digit is believed."""


class DigitEar:
    """Listens to one stream."""

    def __init__(self) -> None:
        self._rest = b""

    def hear(self, pcm: bytes) -> list[str]:
        """Return for each 10 ms that can be looked at by now the digit that sounds, or nothing."""
        pcm = self._rest + pcm
        steps = len(pcm) // (_STEP * SAMPLE_BYTES) - 1
        if steps < 1:
            self._rest = pcm
            return []
        self._rest = pcm[steps * _STEP * SAMPLE_BYTES :]
        samples = np.frombuffer(pcm, "<i2", (steps + 1) * _STEP).astype(np.float32) / np.float32(32768)
        return _digits(np.asarray(np.lib.stride_tricks.sliding_window_view(samples, BLOCK)[::_STEP], np.float32))


def _digits(frames: Floats) -> list[str]:
    """Return for each frame the digit that sounds, or nothing."""
    loud = (frames**2).mean(axis=1) > _SOFTEST
    found = [""] * len(frames)
    if not loud.any():
        return found
    # not by a matrix product: its library would set every core to work, and keep it busy waiting
    cosine, sine = (np.einsum("fs,ts->ft", frames[loud], part) for part in _TONES)
    tones = (cosine**2 + sine**2) * _WHOLE_TONE
    spectrum = np.abs(np.fft.rfft(frames[loud] * _WINDOW, axis=1)[:, _AROUND]) ** 2
    total = spectrum.sum(axis=1)
    rows, columns = tones[:, :4].argmax(axis=1), tones[:, 4:].argmax(axis=1)
    low, high = tones[:, :4].max(axis=1), tones[:, 4:].max(axis=1)
    sure = (low + high > _PURE * total) & (low < _TWIST * high) & (high < _TWIST * low)
    for place, row, column, is_digit in zip(np.flatnonzero(loud), rows, columns, sure, strict=True):
        found[place] = _KEYS[row * 4 + column] if is_digit else ""
    return found
