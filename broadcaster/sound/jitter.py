"""A jitter buffer: what comes in bursts goes out as blocks, with a stated delay."""

from __future__ import annotations

import threading

import numpy as np

from broadcaster.model.pcm import BLOCK, BLOCK_BYTES, RATE, SAMPLE_BYTES, SILENCE

_RAMP = RATE * 5 // 1000
_WATCH = 50
"""Blocks over which the lowest fill is watched: a second."""


class JitterBuffer:
    """One thread puts, another takes; neither ever waits for the other.

    Nothing is handed out until ``target_s`` has gathered, at first and after each gap. More than ``most_s`` is
    cut back to the target at once (a burst after a stall), a fill that never comes down to it in a second is
    shortened by one block (a capture clock that runs fast): the delay stays what was said.
    """

    def __init__(self, target_s: float = 0.12, most_s: float = 0.3, *, keeps_short: bool = True) -> None:
        self._target = round(target_s * RATE) * SAMPLE_BYTES
        self._most = round(most_s * RATE) * SAMPLE_BYTES
        self._keeps_short = keeps_short
        self._lock = threading.Lock()
        self._pcm = bytearray()
        self._filling = True
        self._lowest, self._looked = self._most, 0
        self.gaps = 0
        """How often it ran dry."""
        self.trimmed = 0
        """Samples thrown away to keep the delay."""

    @property
    def most_s(self) -> float:
        """The most that can wait."""
        return self._most / SAMPLE_BYTES / RATE

    @property
    def seconds(self) -> float:
        """What waits."""
        return len(self._pcm) / SAMPLE_BYTES / RATE

    @property
    def is_flowing(self) -> bool:
        """Whether the next block will be sound."""
        return len(self._pcm) >= (self._target if self._filling else BLOCK_BYTES)

    def put(self, pcm: bytes) -> None:
        """Take in any number of samples."""
        with self._lock:
            self._pcm += pcm
            if len(self._pcm) > self._most:
                self._shorten(len(self._pcm) - self._target)

    def take(self) -> bytes:
        """Return the next block; silence while it gathers."""
        with self._lock:
            if not self.is_flowing:
                return self._run_dry()
            begins, self._filling = self._filling, False
            self._keep_short()
            block = bytes(self._pcm[:BLOCK_BYTES])
            del self._pcm[:BLOCK_BYTES]
            return _faded(block, rising=True) if begins else block

    def clear(self) -> None:
        """Forget what waits."""
        with self._lock:
            self._pcm.clear()
            self._filling = True

    def _run_dry(self) -> bytes:
        if self._filling:
            return SILENCE
        self._filling = True
        self.gaps += 1
        rest = bytes(self._pcm)
        self._pcm.clear()
        return _faded(rest, rising=False).ljust(BLOCK_BYTES, b"\0")

    def _keep_short(self) -> None:
        if not self._keeps_short:
            return
        self._lowest = min(self._lowest, len(self._pcm))
        self._looked += 1
        if self._looked >= _WATCH:
            if self._lowest > self._target + BLOCK_BYTES:
                self._shorten(BLOCK_BYTES)
            self._lowest, self._looked = self._most, 0

    def _shorten(self, surplus: int) -> None:
        """Drop the oldest; a short cross-fade hides the seam."""
        self.trimmed += surplus // SAMPLE_BYTES
        size = min(_RAMP * SAMPLE_BYTES, surplus, len(self._pcm) - surplus)
        old = np.frombuffer(bytes(self._pcm[:size]), "<i2").astype(np.float32)
        new = np.frombuffer(bytes(self._pcm[surplus : surplus + size]), "<i2").astype(np.float32)
        gain = np.linspace(0, 1, len(old), dtype=np.float32)
        seam = np.rint(old * (1 - gain) + new * gain).astype("<i2").tobytes()
        self._pcm[: surplus + size] = seam


def _faded(pcm: bytes, *, rising: bool) -> bytes:
    wave = np.frombuffer(pcm, "<i2").astype(np.float32)
    size = min(_RAMP, len(wave), BLOCK)
    ramp = np.linspace(0, 1, size, dtype=np.float32)
    if rising:
        wave[:size] *= ramp
    elif size:
        wave[-size:] *= ramp[::-1]
    return np.rint(wave).astype("<i2").tobytes()
