from __future__ import annotations

import numpy as np
import pytest

from broadcaster.model.pcm import BLOCK_BYTES
from broadcaster.sound.relay.ladder import SILENT_DBFS
from broadcaster.sound.relay.tuner import Tuner
from tests.sound.off_air.programmes import music, pcm_of, speech
from tests.sound.sounds import noise

HISS = np.frombuffer(noise(5 * 48000), "<i2") / 32768


@pytest.mark.parametrize(
    ("sound", "share"), [(HISS, 0), (HISS * 0.2, 0), (speech(1), 0.4), (music(1, 5 * 48000), 0.9)], ids=str
)
def test_hiss_is_no_sound_and_a_station_is(sound: np.ndarray, share: float) -> None:
    """``share`` of the time, at least, it is louder than silence."""
    tuner, pcm = Tuner(), pcm_of(sound)
    levels = [tuner.level_dbfs(pcm[at : at + BLOCK_BYTES]) for at in range(0, len(pcm) - BLOCK_BYTES, BLOCK_BYTES)]
    heard = float(np.mean(np.array(levels) > SILENT_DBFS))
    assert heard >= share
    assert heard < 0.05 or share
