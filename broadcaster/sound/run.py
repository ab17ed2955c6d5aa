"""Files and silences one after the other, read as one sound: no sample lies between them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from broadcaster.model.pcm import SAMPLE_BYTES
from broadcaster.sound import wav
from broadcaster.sound.levels import BLOCK, Floats
from broadcaster.sound.mix import WINDOW, Part, length
from broadcaster.sound.peaks import of_file


class Run:
    """Reads forwards only."""

    def __init__(self, parts: tuple[Part, ...]) -> None:
        """Raises ``SoundError`` when a part is missing or not canonical."""
        self._parts = parts
        self._ahead = b""
        self._pieces = self._all_pieces()
        self.samples = length(parts)

    def read(self, count: int) -> bytes:
        """Return the next ``count`` samples as PCM, fewer at the end. Raises ``SoundError``."""
        while len(self._ahead) < count * SAMPLE_BYTES and (piece := next(self._pieces, b"")):
            self._ahead += piece
        pcm, self._ahead = self._ahead[: count * SAMPLE_BYTES], self._ahead[count * SAMPLE_BYTES :]
        return pcm

    def files(self) -> Iterator[tuple[int, int, Floats]]:
        """Yield for each file at which samples it begins and ends, and its blocks' peaks. Raises ``SoundError``."""
        known: dict[Path, Floats] = {}
        place = 0
        for part in self._parts:
            if isinstance(part, Path):
                known[part] = known[part] if part in known else of_file(part)
                yield place, place + length((part,)), known[part]
            place += length((part,))

    def peaks(self) -> Floats:
        """Return the most that each block of the whole can reach. Raises ``SoundError``."""
        whole = np.zeros(-(-self.samples // BLOCK), np.float32)
        for place, _, peaks in self.files():
            lay(whole, place, peaks)
        return whole

    def _all_pieces(self) -> Iterator[bytes]:
        for part in self._parts:
            if isinstance(part, Path):
                yield from wav.windows(part, WINDOW)
            else:
                for left in range(part, 0, -WINDOW):
                    yield bytes(min(left, WINDOW) * SAMPLE_BYTES)


def lay(whole: Floats, place: int, peaks: Floats) -> None:
    """Note the peaks of something that begins at a sample; its blocks may lie across those of the whole."""
    first = place // BLOCK
    for start in (first, first + 1) if place % BLOCK else (first,):
        part = whole[start : start + len(peaks)]
        np.maximum(part, peaks[: len(part)], out=part)
