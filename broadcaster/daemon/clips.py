"""What the monitor receiver heard, kept as a few short WAV files beside what was on air."""

from __future__ import annotations

import errno
import os
import wave
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from broadcaster.model.pcm import RATE, SAMPLE_BYTES

_FOREIGN = 50
"""Clips of strange programmes that are kept."""


class Clips:
    """``air/<broadcast id>.heard.wav`` and ``air/foreign-<UTC>.wav``; the oldest go."""

    def __init__(self, folder: Path, most: int, scarce: Callable[[], bool] = lambda: False) -> None:
        """``scarce``: the disk has no room for what is not needed; then nothing is kept."""
        self._folder = folder
        self._most = most
        self._scarce = scarce
        with suppress(OSError):
            for leftover in folder.glob("*.wav.new"):  # this process died while it wrote
                leftover.unlink(missing_ok=True)

    def heard(self, broadcast_id: str, pcm: bytes) -> None:
        """Keep what was heard of a broadcast. Raises ``OSError``."""
        if self._most:
            self._write(f"{broadcast_id}.heard.wav", pcm)
            self._prune("*.heard.wav", self._most)

    def foreign(self, at: float, pcm: bytes) -> None:
        """Keep what was heard of a stranger whose fault was raised at ``at``. Raises ``OSError``."""
        self._write(f"foreign-{datetime.fromtimestamp(at, UTC):%Y%m%d-%H%M%S}.wav", pcm)
        self._prune("foreign-*.wav", _FOREIGN)

    def _write(self, name: str, pcm: bytes) -> None:
        if self._scarce():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fresh = self._folder / f"{name}.new"
        try:
            with fresh.open("wb") as raw, wave.open(raw, "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(SAMPLE_BYTES)
                file.setframerate(RATE)
                file.writeframes(pcm)
            fresh.replace(self._folder / name)
        finally:
            fresh.unlink(missing_ok=True)  # half of it on a full disk

    def _prune(self, pattern: str, most: int) -> None:
        for old in sorted(self._folder.glob(pattern))[:-most]:  # names sort by time
            old.unlink(missing_ok=True)
