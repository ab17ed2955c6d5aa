"""What a horn sounded, as a WAV file whose header is right at all times."""

from __future__ import annotations

import wave
from datetime import UTC, datetime
from pathlib import Path

_BATCH = 20  # chunks of 10 ms


class Recording:
    """One opening of one cluster: ``<folder>/<ISO start>.wav``, such as ``20261123T101500.123456Z.wav`` (UTC)."""

    def __init__(self, folder: Path) -> None:
        self._pending: list[bytes] = []
        self._file: wave.Wave_write | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._raw = (folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}.wav").open("wb")
        except OSError:
            return  # a full disk must not stop hardware
        self._file = wave.open(self._raw, "wb")
        self._file.setnchannels(1)
        self._file.setsampwidth(2)
        self._file.setframerate(48_000)

    def add(self, chunk: bytes) -> None:
        """This sounded."""
        self._pending.append(chunk)
        if len(self._pending) >= _BATCH:
            self._flush()

    def close(self) -> None:
        """The cluster was closed."""
        self._flush()
        if self._file is not None:
            try:
                self._file.close()
                self._raw.close()
            except OSError:
                pass

    def _flush(self) -> None:
        batch, self._pending = b"".join(self._pending), []
        if self._file is not None:
            try:
                self._file.writeframes(batch)
            except OSError:
                pass
