"""A receiver's DTMF decoder: its own ears, not the encoder's tables (frequencies of ITU-T Q.23).

Frames of 20 ms every 10 ms; a digit counts once two frames in a row agree, and again only after a pause.
"""

from __future__ import annotations

import numpy as np

_RATE = 48_000
_HOP = 480
_FRAME = 960
_LOW = np.array([697, 770, 852, 941])
_HIGH = np.array([1209, 1336, 1477, 1633])
_PAD = ("123A", "456B", "789C", "*0#D")
_PHASES = np.exp(-2j * np.pi * np.outer(np.concatenate([_LOW, _HIGH]), np.arange(_FRAME)) / _RATE)
_WINDOW = np.hanning(_FRAME)
_PROBES = (_PHASES * _WINDOW).astype(np.complex64)
_GAIN = _WINDOW.sum()
_QUIETEST = 10 ** (-40 / 20)
_PURITY = 0.6  # share of the power that the two tones must have: speech and chimes have less
_TWIST = 10 ** (8 / 10)


class Decoder:
    """Takes 10 ms at a time; tells each code once the pause after it is long enough."""

    def __init__(self, gap_ms: int) -> None:
        """``gap_ms`` is the pause between two digits that senders of this network make."""
        self._code_ends_after = int((1.5 * gap_ms + 50) / 10)
        self._frame = np.zeros(_FRAME, np.float32)
        self._candidate = ""
        self._current = ""
        self._digits = ""
        self._pause = 0

    def feed(self, samples: np.ndarray) -> str:
        """Take in 480 samples from -1 to 1; return the digits of a code that has just ended, else nothing."""
        self._frame[:_HOP] = self._frame[_HOP:]
        self._frame[_HOP:] = samples
        digit = self._digit()
        agreed = digit if digit == self._candidate else self._current
        self._candidate = digit
        if agreed and agreed != self._current:
            self._digits += agreed
        self._current = agreed
        self._pause = 0 if agreed else self._pause + 1
        if self._digits and self._pause > self._code_ends_after:
            code, self._digits = self._digits, ""
            return code
        return ""

    def _digit(self) -> str:
        power = float(np.dot(self._frame, self._frame)) / _FRAME
        if power < _QUIETEST**2 / 4:
            return ""
        tones = np.abs(_PROBES @ self._frame) ** 2 * 2 / _GAIN**2  # mean power of each tone
        row, column = int(np.argmax(tones[:4])), int(np.argmax(tones[4:]))
        low, high = tones[row], tones[4 + column]
        if not (1 / _TWIST < high / max(low, 1e-12) < _TWIST):
            return ""
        windowed = self._frame * _WINDOW
        total = float(np.dot(windowed, windowed)) / float(np.dot(_WINDOW, _WINDOW))
        return _PAD[row][column] if (low + high) / max(total, 1e-12) > _PURITY else ""
