from __future__ import annotations

import numpy as np
import pytest

from broadcaster.devices.dtmf import digits_pcm, silence
from broadcaster.simulation.decoder import Decoder
from broadcaster.sound.code_guard import CodeGuard
from broadcaster.sound.source import blocks
from tests.simulation.sounds import samples_of
from tests.sound.off_air.programmes import music, pcm_of, speech
from tests.sound.sounds import tone

CODES = ["*021#", "*020#", "*991#", "551", "7"]


def cleaned(pcm: bytes, codes: list[str] = CODES) -> tuple[bytes, int]:
    """Return what is let through, and how often it was told that something was not."""
    told: list[None] = []
    return b"".join(CodeGuard(codes).clean(blocks(pcm), lambda: told.append(None))), len(told)


@pytest.mark.parametrize("timing", [(80, 50), (40, 40), (100, 100), (200, 200)])
@pytest.mark.parametrize("code", CODES)
def test_no_receiver_hears_a_code_and_the_sound_around_it_stays(code: str, timing: tuple[int, int]) -> None:
    tone_ms, gap_ms = timing
    sent = digits_pcm(code, tone_ms=tone_ms, gap_ms=gap_ms, level_dbfs=-9)
    around = tone(9600)
    out, told = cleaned(around + silence(500) + 2 * (sent + silence(500)) + around)
    samples, decoder = samples_of(out), Decoder(gap_ms)
    heard = [one for at in range(0, len(samples), 480) for one in decoder.feed(samples[at : at + 480])]
    assert not set(heard) & set(CODES)
    assert told == 1
    assert out.startswith(around)
    assert out.rstrip(b"\0").endswith(around.rstrip(b"\0"))


def test_digits_of_no_code_of_ours_are_let_through() -> None:
    other = silence(100) + digits_pcm("#3884*", tone_ms=80, gap_ms=50, level_dbfs=-9) + silence(100)
    out, told = cleaned(other, ["*021#", "551"])
    assert (out[: len(other)] == other, told) == (True, 0)


@pytest.mark.parametrize("sound", [speech(1), music(1, 20 * 48000)], ids=["speech", "music"])
def test_speech_and_music_pass_untouched(sound: np.ndarray) -> None:
    pcm = pcm_of(sound)
    out, told = cleaned(pcm)
    assert out[: len(pcm)] == pcm
    assert told == 0
