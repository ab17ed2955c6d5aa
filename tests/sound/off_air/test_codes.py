from __future__ import annotations

import numpy as np
import pytest

from broadcaster.devices.dtmf import digits_pcm, silence
from broadcaster.sound.off_air.codes import CodeEar
from tests.sound.off_air.programmes import pcm_of, sound_of, speech

CODES = ["*021#", "*990#", "D12", "*551#"]


def sent(tone_ms: int = 80, gap_ms: int = 50) -> bytes:
    parts = [digits_pcm(one, tone_ms=tone_ms, gap_ms=gap_ms, level_dbfs=-9) + silence(200) for one in CODES]
    return silence(313) + b"".join(parts) + silence(100)


@pytest.mark.parametrize("timing", [(80, 50), (50, 50), (40, 40), (100, 100)])
@pytest.mark.parametrize("snr_db", [0, 40])
def test_codes_are_heard_through_noise(timing: tuple[int, int], snr_db: float) -> None:
    sound = sound_of(sent(*timing))
    noise = np.random.default_rng(5).normal(0, 0.15 * 10 ** (-snr_db / 20), len(sound))
    assert CodeEar(timing[1]).hear(pcm_of(0.5 * sound + noise)) == CODES


@pytest.mark.parametrize("size", [2, 958, 1920, 9602])
def test_pieces_of_any_size(size: int) -> None:
    ear, pcm = CodeEar(50), sent()
    heard = [code for start in range(0, len(pcm), size) for code in ear.hear(pcm[start : start + size])]
    assert heard == CODES


def test_speech_is_no_code() -> None:
    assert CodeEar(50).hear(pcm_of(speech(1))) == []
