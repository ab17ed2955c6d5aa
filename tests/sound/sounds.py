"""Sounds for tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadcaster.model.pcm import RATE
from broadcaster.sound import speaking, wav
from broadcaster.sound.voices import Voice

_TEXT = """Kính thưa bà con. Sáng mai, trạm y tế xã tổ chức tiêm phòng cho trẻ em dưới năm tuổi.
Xin mời bà con đưa các cháu đến. """


def noise(samples: int, peak: int = 8000, seed: int = 1) -> bytes:
    """Return white noise as canonical PCM."""
    wave = np.random.default_rng(seed).integers(-peak, peak, samples, endpoint=True)
    return bytes(wave.astype("<i2").tobytes())


def tone(samples: int, peak: int = 8000, hertz: float = 440) -> bytes:
    """Return a sine as canonical PCM."""
    wave = peak * np.sin(2 * np.pi * hertz / RATE * np.arange(samples))
    return bytes(np.rint(wave).astype("<i2").tobytes())


def spoken(seconds: int) -> NDArray[np.float32]:
    """Return so much speech, between -1 and 1."""
    pcm = speaking.speak_to_memory(_TEXT * 6, voice=Voice("vi", "vi")).sound
    return np.resize(values(pcm).astype(np.float32) / 32768, seconds * RATE)


def write(path: Path, pcm: bytes) -> Path:
    """Write canonical PCM as a WAV file."""
    with wav.writer(path) as file:
        file.writeframes(pcm)
    return path


def values(pcm: bytes) -> NDArray[np.int64]:
    """Return PCM as numbers."""
    return np.frombuffer(pcm, "<i2").astype(np.int64)
