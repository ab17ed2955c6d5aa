"""What a horn sounded, as a WAV file whose header is right at all times, even if the process is killed."""

from __future__ import annotations

import os
import struct
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

_RATE = 48_000
_BATCH = 20  # chunks of 10 ms
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")


class Recording:
    """One opening of one cluster: ``<folder>/20261123T101500.123456Z.wav``, named by its start in UTC.

    48 kHz, mono, 16 bit. What the disk refuses is lost: a full one must not stop hardware.
    """

    def __init__(self, folder: Path) -> None:
        self._pending: list[bytes] = []
        self._length = 0
        self._file = -1
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}.wav"
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640)
            os.pwrite(self._file, _header(0), 0)

    def add(self, chunk: bytes) -> None:
        """This sounded."""
        self._pending.append(chunk)
        if len(self._pending) >= _BATCH:
            self._flush()

    def close(self) -> None:
        """The cluster was closed."""
        self._flush()
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _flush(self) -> None:
        batch, self._pending = b"".join(self._pending), []
        if self._file < 0:
            return
        with suppress(OSError):
            written = os.pwrite(self._file, batch, _HEADER.size + self._length)
            # only now may the header tell of it: a kill in between leaves a file that is merely shorter
            self._length += written // 2 * 2
            os.pwrite(self._file, _header(self._length), 0)


def _header(length: int) -> bytes:
    """Return the 44 bytes before ``length`` bytes of sound."""
    fields = (b"fmt ", 16, 1, 1, _RATE, _RATE * 2, 2, 16)
    return _HEADER.pack(b"RIFF", 36 + length, b"WAVE", *fields, b"data", length)
