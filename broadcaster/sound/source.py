"""Sound that is ready to go, as blocks for an output."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from broadcaster.model.pcm import BLOCK_BYTES, RATE, SAMPLE_BYTES
from broadcaster.sound import wav

_READ_AHEAD = RATE
"""Samples taken from disk at once: a second costs 96 kB and one read."""


class FileSource:
    """A canonical WAV file. It is open only while it is iterated over."""

    def __init__(self, path: Path) -> None:
        """Raises ``SoundError`` when the file is missing or not canonical."""
        self._path = path
        self.samples = wav.samples(path)

    @property
    def seconds(self) -> float:
        """Length of one pass."""
        return self.samples / RATE

    @property
    def ended_early(self) -> None:
        """Such a sound is all there."""

    def __iter__(self) -> Iterator[bytes]:
        """Yield blocks of ``BLOCK_BYTES``, the last one filled up with silence. Raises ``SoundError``."""
        for window in wav.windows(self._path, _READ_AHEAD):
            yield from blocks(window)


class MemorySource:
    """Canonical PCM that is held in memory."""

    def __init__(self, pcm: bytes) -> None:
        self._pcm = pcm
        self.samples = len(pcm) // SAMPLE_BYTES

    @property
    def seconds(self) -> float:
        """Length of one pass."""
        return self.samples / RATE

    @property
    def ended_early(self) -> None:
        """Such a sound is all there."""

    def __iter__(self) -> Iterator[bytes]:
        """Yield blocks of ``BLOCK_BYTES``, the last one filled up with silence."""
        return blocks(self._pcm)


def blocks(pcm: bytes) -> Iterator[bytes]:
    """Yield blocks of ``BLOCK_BYTES``, the last one filled up with silence."""
    for start in range(0, len(pcm), BLOCK_BYTES):
        yield pcm[start : start + BLOCK_BYTES].ljust(BLOCK_BYTES, b"\0")
