"""Sounds for tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadcaster.model.pcm import RATE
from broadcaster.sound import wav


def noise(samples: int, peak: int = 8000, seed: int = 1) -> bytes:
    """Return white noise as canonical PCM."""
    wave = np.random.default_rng(seed).integers(-peak, peak, samples, endpoint=True)
    return bytes(wave.astype("<i2").tobytes())


def tone(samples: int, peak: int = 8000, hertz: float = 440) -> bytes:
    """Return a sine as canonical PCM."""
    wave = peak * np.sin(2 * np.pi * hertz / RATE * np.arange(samples))
    return bytes(np.rint(wave).astype("<i2").tobytes())


def write(path: Path, pcm: bytes) -> Path:
    """Write canonical PCM as a WAV file."""
    with wav.writer(path) as file:
        file.writeframes(pcm)
    return path


def values(pcm: bytes) -> NDArray[np.int64]:
    """Return PCM as numbers."""
    return np.frombuffer(pcm, "<i2").astype(np.int64)
