"""A canonical WAV file that is right after every write, and whose failed write can simply be done again."""

from __future__ import annotations

import os
import struct
from contextlib import suppress
from pathlib import Path

from broadcaster.model.pcm import RATE, SAMPLE_BYTES

_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
_MOST = 0xFFFF_FFFF
"""What a header can say: twelve hours. The sound goes on behind it."""


class GrowingWav:
    """Every write goes to its own place at once, so that a disk that was full takes it when there is room."""

    def __init__(self, path: Path) -> None:
        """Raises ``OSError``."""
        self._length = 0
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o640)
        try:
            self.append(b"")
        except OSError:
            self.close()
            raise

    def append(self, pcm: bytes) -> None:
        """Add sound. Raises ``OSError``, and then nothing counts as added."""
        length = self._length + len(pcm)
        self._put(_HEADER.size + self._length, pcm)
        self._put(0, _header(length))
        self._length = length

    def close(self) -> None:
        """Let go of the file."""
        with suppress(OSError):  # every write had its own answer already
            os.close(self._file)

    def _put(self, at: int, data: bytes) -> None:
        view = memoryview(data)
        while view:
            written = os.pwrite(self._file, view, at)
            at, view = at + written, view[written:]


def _header(length: int) -> bytes:
    whole, sound = min(length + _HEADER.size - 8, _MOST), min(length, _MOST - _HEADER.size)
    form = (16, 1, 1, RATE, RATE * SAMPLE_BYTES, SAMPLE_BYTES, 8 * SAMPLE_BYTES)
    return _HEADER.pack(b"RIFF", whole, b"WAVE", b"fmt ", *form, b"data", sound)
