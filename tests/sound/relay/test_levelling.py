from __future__ import annotations

import numpy as np
import pytest

from broadcaster.model.pcm import BLOCK, RATE, SILENCE
from broadcaster.sound.goal import USUAL
from broadcaster.sound.relay.levelling import Levelling, level_dbfs


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


def test_no_sample_passes_the_ceiling_when_it_is_suddenly_loud() -> None:
    heard = evened(Levelling(USUAL), np.concatenate([tone(-30), tone(-3, 1)]))
    assert np.abs(heard).max() <= 32768 * 10 ** (-2.4 / 20)


def test_silence_moves_no_gain() -> None:
    levelling = Levelling(USUAL)
    evened(levelling, tone(-20))
    before = levelling.gain_db
    for _ in range(1000):
        levelling.even(SILENCE)
    assert levelling.gain_db == before
