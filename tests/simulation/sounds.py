"""Sounds for a field to hear; its tones are not those of the product's encoder."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

DIGITS = "123A456B789C*0#D"
_LOW = (697, 770, 852, 941)
_HIGH = (1209, 1336, 1477, 1633)


def silence(ms: float) -> Samples:
    return np.zeros(round(48 * ms), np.float32)


def code(
    digits: str,
    *,
    tone_ms: float = 80,
    gap_ms: float = 50,
    dbfs: float = -9,
    off: float = 1,
    twist: float = 0,
) -> Samples:
    """Return a code; ``off`` scales all frequencies, ``twist`` (dB) lifts the higher tones."""
    time = np.arange(round(48 * tone_ms)) / 48_000
    parts = []
    for digit in digits:
        row, column = divmod(DIGITS.index(digit), 4)
        low = np.sin(2 * np.pi * _LOW[row] * off * time)
        high = 10 ** (twist / 20) * np.sin(2 * np.pi * _HIGH[column] * off * time)
        parts += [(10 ** (dbfs / 20) / 2 * (low + high)).astype(np.float32), silence(gap_ms)]
    return np.concatenate(parts[:-1])


def noise(ms: float, peak: float = 0.3, seed: int = 1) -> Samples:
    return np.random.default_rng(seed).uniform(-peak, peak, round(48 * ms)).astype(np.float32)


def chunks(samples: Samples) -> list[bytes]:
    """Return s16 in pieces of 10 ms, the last one filled up with silence."""
    pcm = np.round(samples * 32767).astype("<i2").tobytes()
    pcm += bytes(-len(pcm) % 960)
    return [pcm[start : start + 960] for start in range(0, len(pcm), 960)]


def samples_of(pcm: bytes) -> Samples:
    return np.frombuffer(pcm, "<i2").astype(np.float32) * np.float32(1 / 32768)
