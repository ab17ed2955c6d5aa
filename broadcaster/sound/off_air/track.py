"""A stream of rows on the clock of this computer, so that two streams can be laid beside each other."""

from __future__ import annotations

import numpy as np

from broadcaster.sound.off_air.spectrum import COLUMNS, FRAME_S, Rows

_KEPT = 2048
"""Rows: 41 seconds."""
_OUT_OF_STEP = 12
"""Rows by which a stream may arrive early or late: buffers do that. Beyond it, it paused, or two clocks have parted."""


def number(at: float) -> int:
    """Return the number of the row that lies at a second of the steady clock."""
    return int(at / FRAME_S)


class Track:
    """The latest rows, by number; a row that never came is not a number in every column."""

    def __init__(self) -> None:
        self._ring = np.full((_KEPT, COLUMNS), np.nan, np.float32)
        self.end = 0
        """The number after that of the last row."""

    def add(self, rows: Rows, at: float) -> None:
        """Take in rows, the last of which was complete at the second ``at``."""
        if len(rows) == 0:
            return
        rows = rows[-_KEPT:]
        begin = number(at) - len(rows)
        if abs(begin - self.end) > _OUT_OF_STEP:
            self._jump(begin)
        places = np.arange(self.end, self.end + len(rows)) % _KEPT
        self._ring[places] = rows
        self.end += len(rows)

    def read(self, begin: int, count: int) -> Rows:
        """Return ``count`` rows from number ``begin`` on."""
        numbers = np.arange(begin, begin + count)
        found = self._ring[numbers % _KEPT]
        found[(numbers >= self.end) | (numbers < self.end - _KEPT)] = np.nan
        return found

    def _jump(self, to: int) -> None:
        if to > self.end:
            missed = np.arange(max(self.end, to - _KEPT), to) % _KEPT
            self._ring[missed] = np.nan
        self.end = to
