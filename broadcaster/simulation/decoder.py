"""A receiver's DTMF decoder: its own ears, not an encoder's tables (frequencies of ITU-T Q.23).

It looks at 20 ms of sound every 10 ms. A digit counts once three looks in a row agree (a tone of about
40 ms), and again only after a pause.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

_RATE = 48_000
_HOP = 480
_FRAME = 960
_HERTZ = np.array([697, 770, 852, 941, 1209, 1336, 1477, 1633])
_PAD = ("123A", "456B", "789C", "*0#D")
_LOOKS = 3
_WEAKEST = 10 ** (-43 / 10)  # mean square of the whole frame, full scale being 1
_PURITY = 0.8  # share of the power that the two tones must have: speech and chimes have less
_TWIST = 10 ** (8 / 10)  # the higher tone may be so much stronger or weaker than the lower one


def _probes() -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return a window, and 16 rows that find the cosine and sine part of each tone in a frame."""
    window = np.hanning(_FRAME)
    angles = 2 * np.pi * np.outer(_HERTZ, np.arange(_FRAME)) / _RATE
    rows = np.concatenate([np.cos(angles), np.sin(angles)]) * window
    # scaled so that the squares of both parts add up to the tone's share of the windowed frame's power
    scale = np.sqrt(2 * np.sum(window**2)) / np.sum(window)
    return window.astype(np.float32), (rows * scale).astype(np.float32)


_WINDOW, _PROBES = _probes()


class Decoder:
    """Takes sound as it comes; tells each code once the pause after it is long enough."""

    def __init__(self, gap_ms: int) -> None:
        """``gap_ms`` is the pause between two digits that senders of this network make."""
        # in looks; the first one after a tone still sees its end
        self._code_ends_after = int((1.5 * gap_ms + 50) * _RATE / 1000) // _HOP - 1
        self.reset()

    def reset(self) -> None:
        """Forget what was heard: the carrier is gone."""
        self._waiting = np.zeros(0, np.float32)
        self._last = np.zeros(_HOP, np.float32)
        self._looks = ("", 0)
        self._current = ""
        self._digits = ""
        self._pause = 0

    def feed(self, samples: Samples) -> list[str]:
        """Take in 48 kHz samples from -1 to 1, any number; return the codes that ended among them."""
        if len(self._waiting):
            samples = np.concatenate([self._waiting, samples])
        whole = len(samples) // _HOP * _HOP
        self._waiting = samples[whole:].copy()
        codes = [self._hop(samples[start : start + _HOP]) for start in range(0, whole, _HOP)]
        return [code for code in codes if code]

    def _hop(self, samples: Samples) -> str:
        """Take in 10 ms; return the digits of a code that has just ended, else nothing."""
        frame = np.concatenate([self._last, samples])
        self._last = samples
        digit = self._digit(frame)
        self._note(digit)
        if digit and digit == self._current:
            self._pause = 0
        elif not digit:
            self._pause += 1
        if not self._digits or self._pause < self._code_ends_after:
            return ""
        code, self._digits = self._digits, ""
        return code

    def _note(self, digit: str) -> None:
        """A tone begins when enough looks agree, and ends with two that show no digit."""
        before, count = self._looks
        count = count + 1 if digit == before else 1
        self._looks = (digit, count)
        if not digit:
            self._current = self._current if count < _LOOKS - 1 else ""
        elif count >= _LOOKS and digit != self._current:
            self._digits += digit
            self._current = digit

    def _digit(self, frame: Samples) -> str:
        """Return the digit that sounds through this frame, if one does."""
        if float(np.dot(frame, frame)) < _WEAKEST * _FRAME:
            return ""
        parts = _PROBES @ frame
        tones = parts[:8] ** 2 + parts[8:] ** 2
        row, column = int(np.argmax(tones[:4])), int(np.argmax(tones[4:]))
        low, high = float(tones[row]), float(tones[4 + column])
        if not low < high * _TWIST or not high < low * _TWIST:
            return ""
        windowed = frame * _WINDOW
        total = float(np.dot(windowed, windowed))
        return _PAD[row][column] if low + high > _PURITY * total else ""
