"""A scratch file of float sound: s16 with a scale of its own each second, so quiet recordings lose nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from broadcaster.model.pcm import RATE
from broadcaster.sound.levels import Floats

_FULL = 32767


class Scratch:
    """Written once, second by second, then read from any sample on."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._scales: list[float] = []

    def add(self, second: Floats) -> None:
        """Append ``RATE`` samples."""
        loudest = float(max(second.max(), -second.min(), 1e-9))
        self._scales.append(loudest / _FULL)
        self._file.write(np.rint(second * (_FULL / loudest)).astype("<i2").tobytes())

    def read(self, start: int, end: int) -> Iterator[Floats]:
        """Yield the samples from ``start`` to ``end``, about a second at a time."""
        for second in range(start // RATE, -(-end // RATE)):
            self._file.seek(second * RATE * 2)
            sound = np.frombuffer(self._file.read(RATE * 2), "<i2") * np.float32(self._scales[second])
            yield sound[max(0, start - second * RATE) : end - second * RATE]
