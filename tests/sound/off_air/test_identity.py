from __future__ import annotations

import numpy as np
import pytest

from broadcaster.model.pcm import RATE
from broadcaster.sound.off_air.identity import likeness
from broadcaster.sound.off_air.spectrum import rows
from tests.sound.off_air.channel import Path
from tests.sound.off_air.programmes import Sound, music, pcm_of, programme, speech

TEN_S = 10 * RATE


def compared(sent: Sound, carried: Sound, snr_db: float) -> float:
    way = Path.chosen(snr_db, 3)
    heard = way.heard(np.append(carried[:TEN_S], np.zeros(RATE)), np.ones(TEN_S + RATE, np.bool_))
    return likeness(rows(pcm_of(sent[:TEN_S])), rows(pcm_of(heard))[: TEN_S // 960 + 40])


@pytest.mark.parametrize("snr_db", [-5, 0, 20])
@pytest.mark.parametrize("number", [1, 3, 4])
def test_the_same_sound_is_alike_through_noise(number: int, snr_db: float) -> None:
    sound = np.resize(programme(number), TEN_S)
    assert compared(sound, sound, snr_db) > 0.5


@pytest.mark.parametrize("other", [speech(2), music(2), np.zeros(TEN_S)])
def test_another_sound_is_not(other: Sound) -> None:
    assert compared(np.resize(speech(1), TEN_S), np.resize(other, TEN_S), 20) < 0.3


def test_a_sound_that_does_not_move_is_like_nothing() -> None:
    still = rows(bytes(1920 * 100))
    assert likeness(still, still) == 0
