"""Keeps our own codes out of the programme: a relayed station, or a recording of one, may hold some of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from broadcaster.model.pcm import SILENCE
from broadcaster.sound.digits import SURE, DigitEar

_APART = 40
"""Looks between two digits, at most, for them to belong to one code."""
_HELD = 30
"""Looks without a digit until the programme is let through again: a receiver has given up by then."""
_ENOUGH = 2
"""So many digits of a code are no chance any more; no receiver opens by them alone."""


class CodeGuard:
    """Silences what sounds like one of ``codes`` from its second digit on, in blocks, without delay."""

    def __init__(self, codes: Collection[str]) -> None:
        self._beginnings = {code[:count] for code in codes for count in range(min(_ENOUGH, len(code)), len(code) + 1)}
        self._longest = max(map(len, codes), default=0)

    def clean(self, blocks: Iterable[bytes], tell: Callable[[], None]) -> Iterator[bytes]:
        """Yield the blocks, silent where a code sounds; ``tell`` is called once, at the first."""
        ear, told = _Ear(self._beginnings, self._longest), False
        for block in blocks:
            if not ear.is_code(block):
                yield block
                continue
            if not told:
                told = True
                tell()
            yield SILENCE


class _Ear:
    def __init__(self, beginnings: Collection[str], longest: int) -> None:
        self._beginnings = beginnings
        self._longest = longest
        self._ear = DigitEar()
        self._digits, self._last, self._looks, self._pause, self._held = "", "", 0, 0, 0

    def is_code(self, block: bytes) -> bool:
        for digit in self._ear.hear(block):
            self._look(digit)
        return self._held > 0

    def _look(self, digit: str) -> None:
        self._looks = self._looks + 1 if digit == self._last else 1
        self._last = digit
        if not digit:
            self._pause += 1
            self._held = max(0, self._held - 1)
            if self._pause > _APART:
                self._digits = ""
            return
        self._pause = 0
        if self._looks == SURE:
            self._digits = (self._digits + digit)[-self._longest :]
        if self._held or any(self._digits.endswith(one) for one in self._beginnings):
            self._held = _HELD
