from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from broadcaster.model.pcm import BLOCK, RATE, SILENCE
from broadcaster.sound.goal import USUAL
from broadcaster.sound.relay.levelling import Levelling, level_dbfs, loudness_lufs
from tests.judges import ebur128, needs_ffmpeg
from tests.sound.recordings import cases
from tests.sound.sounds import spoken


def tone(level_db: float, seconds: float = 20) -> np.ndarray:
    wave = np.sin(np.arange(int(seconds * RATE)) * 2 * np.pi * 440 / RATE)
    return np.asarray(wave * 32768 * np.sqrt(2) * 10 ** (level_db / 20)).clip(-32768, 32767).astype("<i2")


def evened(levelling: Levelling, sound: np.ndarray) -> np.ndarray:
    blocks = [levelling.even(sound[at : at + BLOCK].tobytes()) for at in range(0, len(sound), BLOCK)]
    return np.frombuffer(b"".join(blocks), "<i2")


@pytest.mark.parametrize(("given_db", "heard_db"), [(-10, -16), (-26, -16), (-40, -28)])
def test_it_comes_to_its_goal_within_twelve_decibels(given_db: float, heard_db: float) -> None:
    last = evened(Levelling(USUAL), tone(given_db))[-RATE:]
    assert level_dbfs(last.tobytes()) == pytest.approx(heard_db, abs=1)


def test_a_tone_of_a_kilohertz_is_as_loud_as_the_standard_says() -> None:
    times = np.arange(BLOCK) / RATE
    block = np.rint(32767 * np.sin(2 * np.pi * 1000 * times)).astype("<i2").tobytes()
    assert loudness_lufs(block) == pytest.approx(-3.01, abs=0.05)


@needs_ffmpeg
@pytest.mark.parametrize(
    ("kind", "within"),
    [("music", 0.5), ("tone", 0.5), ("very noisy", 0.5), ("clipped", 1), ("96 kHz", 3), ("drums", 9)],
)
def test_ffmpeg_hears_it_at_its_goal_and_below_the_limit(kind: str, within: float, tmp_path: Path) -> None:
    """Speech that swings far is held down by the limit: it is as loud as it can be without a compressor."""
    sound = (cases(spoken(40))[kind][0].clip(-1, 1) * 32767).astype("<i2")
    with wave.open(str(tmp_path / "evened.wav"), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(evened(Levelling(USUAL), sound)[15 * RATE :].tobytes())
    loudness, peak = ebur128(tmp_path / "evened.wav")
    assert loudness == pytest.approx(USUAL.lufs, abs=within)
    assert peak <= USUAL.peak_dbtp


def test_no_sample_passes_the_ceiling_when_it_is_suddenly_loud() -> None:
    heard = evened(Levelling(USUAL), np.concatenate([tone(-30), tone(-3, 1)]))
    assert np.abs(heard).max() <= 32768 * 10 ** (-1.7 / 20)


def test_silence_moves_no_gain() -> None:
    levelling = Levelling(USUAL)
    evened(levelling, tone(-20))
    before = levelling.gain_db
    for _ in range(1000):
        levelling.even(SILENCE)
    assert levelling.gain_db == before
