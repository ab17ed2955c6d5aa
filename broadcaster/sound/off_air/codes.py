"""Our own codes heard back."""

from __future__ import annotations

from broadcaster.sound.digits import SURE, DigitEar

_LEAST_DIGITS = 2


class CodeEar:
    """Listens to one stream; a code ends at a pause clearly longer than the one between its digits."""

    def __init__(self, gap_ms: int) -> None:
        self._ends_after = round((1.5 * gap_ms + 20) / 10)
        self._ear = DigitEar()
        self._digits, self._last, self._looks, self._pause = "", "", 0, 0

    def hear(self, pcm: bytes) -> list[str]:
        """Return the codes that have ended in what was heard so far and not been told yet."""
        return [code for digit in self._ear.hear(pcm) if (code := self._note(digit))]

    def _note(self, digit: str) -> str:
        self._looks = self._looks + 1 if digit == self._last else 1
        self._last = digit
        if digit:
            self._pause = 0
            if self._looks == SURE:
                self._digits += digit
            return ""
        self._pause += 1
        if self._pause < self._ends_after:
            return ""
        code, self._digits = self._digits, ""
        return code if len(code) >= _LEAST_DIGITS else ""
