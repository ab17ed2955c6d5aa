"""Programmes for the monitor's tests: bulletins that a voice speaks, music, and both; each number is another one."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadcaster.model.pcm import RATE
from broadcaster.sound import speaking
from broadcaster.sound.signals import closing_chime, opening_chime
from broadcaster.sound.voices import choose

Sound = NDArray[np.float64]
_WORDS = re.findall(
    r"\w+",
    "bà con thôn Đông ra nhà văn hóa họp bảy giờ tối mai đường nước sạch tiêm chủng cho trẻ em giá lúa phân bón "
    "lịch cắt điện vệ sinh môi trường ủy ban nhân dân xã thông báo các hộ gia đình phòng cháy rừng mưa bão lũ lớn "
    "học sinh nghỉ học trạm y tế khám bệnh người cao tuổi chợ phiên mùa gặt hợp tác xã",
)
MEAN_LEVEL = 0.15
"""About that of speech as the station prepares it."""
_SPOKEN = 24
"""Texts that are spoken; each is used several times, from another place on."""


def sound_of(pcm: bytes) -> Sound:
    """Return PCM as numbers from -1 to 1."""
    return np.frombuffer(pcm, "<i2") / 32768


def pcm_of(sound: Sound) -> bytes:
    """Return numbers from -1 to 1 as PCM."""
    return bytes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())


@lru_cache
def speech(number: int) -> Sound:
    """Return about fifteen seconds of a bulletin."""
    rng = np.random.default_rng(number)
    sentences = [" ".join(rng.choice(_WORDS, rng.integers(5, 12))) for _ in range(6)]
    voice = choose("vi", Path("nowhere"))
    said = speaking.speak_to_memory(". ".join(sentences) + ".", voice=voice, speed=float(rng.uniform(0.85, 1.15)))
    return sound_of(said.sound)


def music(number: int, samples: int = 15 * RATE) -> Sound:
    """Return a tune of plucked notes over a drone."""
    rng = np.random.default_rng(1000 + number)
    tune = np.zeros(samples)
    beat = int(rng.uniform(0.18, 0.4) * RATE)
    for start in range(0, len(tune) - beat, beat):
        time = np.arange(min(3 * beat, len(tune) - start)) / RATE
        hertz = 220 * 2 ** (rng.choice([0, 2, 4, 7, 9, 12, 14, 16]) / 12)
        note = sum(np.sin(2 * np.pi * hertz * part * time) / part for part in (1, 2, 3, 5))
        tune[start : start + len(time)] += note * np.exp(-time * 5) * rng.uniform(0.3, 1)
    drone = np.sin(2 * np.pi * 110 * np.arange(len(tune)) / RATE)
    tune = tune + 0.3 * drone
    return np.asarray(tune / np.sqrt(np.mean(tune**2)) * MEAN_LEVEL)


def programme(number: int) -> Sound:
    """Return the programme of this number: three in five are spoken, one is music, one speech over music."""
    spoken = np.roll(speech(number % _SPOKEN), number // _SPOKEN * 3 * RATE)
    match number % 5:
        case 3:
            return music(number)
        case 4:
            return np.asarray(spoken + 0.25 * music(number, len(spoken)))
    return spoken


def framed(number: int) -> Sound:
    """Return it between the chimes that frame a bulletin."""
    return np.concatenate([sound_of(opening_chime()), programme(number), sound_of(closing_chime())])
