"""The recordings that people really bring, and worse ones: what a preparation of sound must cope with."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from broadcaster.model.pcm import RATE
from broadcaster.sound.levels import Floats

Form = list[str]
Sound = NDArray[np.floating[Any]]
_RNG = np.random.default_rng(6)
_WAV: Form = ["-c:a", "pcm_f32le"]


def cases(speech: Floats) -> dict[str, tuple[Sound, Form]]:
    """Return sound (mono, or two columns) and the form it is written in, by name."""
    long = speech[: 40 * RATE]
    hiss = _RNG.normal(0, 1, len(long)).astype(np.float32)
    click = long * 0.05
    click[20 * RATE : 20 * RATE + 3] = 1.0
    times = np.arange(40 * RATE) / RATE
    two = np.concatenate([long[: 20 * RATE], long[20 * RATE :] * 0.1])
    return {
        "quiet phone": (long * 0.03, ["-ar", "16000", "-c:a", "pcm_s16le"]),
        "clipped": (np.clip(long * 15, -0.99, 0.99), _WAV),
        "noisy": (long * 0.2 + hiss * 0.01, _WAV),
        "very noisy": (long * 0.2 + hiss * 0.05, _WAV),
        "music": (_music(times), ["-b:a", "192k", "-f", "mp3"]),
        "stereo": (np.stack([long * 0.5, np.roll(long, 400) * 0.2], 1), ["-c:a", "libvorbis", "-f", "ogg"]),
        "8 kHz": (long * 0.3, ["-ar", "8000", "-c:a", "pcm_alaw"]),
        "96 kHz": (long * 0.3, ["-ar", "96000", "-c:a", "pcm_s24le"]),
        "24 bit": (long * 0.01, ["-c:a", "flac", "-sample_fmt", "s32", "-f", "flac"]),
        "8 bit": (long * 0.3, ["-ar", "11025", "-c:a", "pcm_u8"]),
        "over full scale": (long * 4, _WAV),
        "low bit rate": (long * 0.3, ["-ar", "22050", "-b:a", "24k", "-f", "mp3"]),
        "phone AAC": (long * 0.05, ["-b:a", "32k", "-c:a", "aac", "-f", "mp4"]),
        "1 s": (long[RATE : 2 * RATE], _WAV),
        "0.5 s": (long[RATE : RATE * 3 // 2], _WAV),
        "one huge click": (click, _WAV),
        "long pauses": (_pauses(speech) + 1e-4 * _RNG.normal(0, 1, 80 * RATE), _WAV),
        "silence-heavy": (np.pad(speech[: 4 * RATE] * 0.2, (20 * RATE, 45 * RATE)), _WAV),
        "two speakers, 20 dB": (two, _WAV),
        "rumble": (long * 0.1 + 0.5 * np.sin(2 * np.pi * 45 * times), _WAV),
        "tone": (0.3 * np.sin(2 * np.pi * 1000 * times), _WAV),
        "NaN and infinity": (_spoilt(long), _WAV),
        "drums": (_drums(times), _WAV),
    }


def _music(times: Sound) -> Floats:
    chord = ((233, 3), (294, 2), (466, 5))  # other notes than the bed's: equal ones would add up as amplitudes
    tones = sum(np.sin(2 * np.pi * f * times) * (0.6 + 0.4 * np.sin(times * r)) for f, r in chord)
    return np.asarray(0.15 * tones + 0.6 * _drums(times), np.float32)


def _spoilt(sound: Floats) -> Floats:
    spoilt = sound * np.float32(0.3)
    spoilt[RATE], spoilt[5 * RATE] = np.nan, np.inf
    return spoilt


def _drums(times: Sound) -> Floats:
    beat = np.exp(-(times % 0.5) * 40)
    return np.asarray((0.9 * beat * _RNG.normal(0, 0.35, len(times))).clip(-1, 1), np.float32)


def _pauses(speech: Floats) -> Floats:
    parts = [np.pad(speech[k * 4 * RATE : (k + 1) * 4 * RATE] * 0.2, (0, 16 * RATE)) for k in range(4)]
    return np.concatenate(parts)


def write(sound: Sound, form: Form, path: Path) -> None:
    """Encode with the ffmpeg program."""
    channels = 1 if sound.ndim == 1 else sound.shape[1]
    raw = ["-f", "f32le", "-ar", str(RATE), "-ac", str(channels), "-i", "-"]
    form = form if "-f" in form else [*form, "-f", "wav"]
    command = ["ffmpeg", "-v", "error", "-y", *raw, *form, str(path)]
    subprocess.run(command, input=sound.astype("<f4").tobytes(), check=True)
