"""What the monitor receiver heard, kept as a few short WAV files beside what was on air."""

from __future__ import annotations

import wave
from datetime import UTC, datetime
from pathlib import Path

from broadcaster.model.pcm import RATE, SAMPLE_BYTES

_FOREIGN = 50
"""Clips of strange programmes that are kept."""


class Clips:
    """``air/<broadcast id>.heard.wav`` and ``air/foreign-<UTC>.wav``; the oldest go."""

    def __init__(self, folder: Path, most: int) -> None:
        self._folder = folder
        self._most = most

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
        fresh = self._folder / f"{name}.new"
        with fresh.open("wb") as raw, wave.open(raw, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(SAMPLE_BYTES)
            file.setframerate(RATE)
            file.writeframes(pcm)
        fresh.replace(self._folder / name)

    def _prune(self, pattern: str, most: int) -> None:
        for old in sorted(self._folder.glob(pattern))[:-most]:  # names sort by time
            old.unlink(missing_ok=True)
