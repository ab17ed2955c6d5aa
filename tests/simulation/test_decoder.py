from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.devices.dtmf import digits_pcm
from broadcaster.simulation.decoder import Decoder
from broadcaster.sound.signals import closing_chime, opening_chime, siren
from broadcaster.sound.speaking import speak_to_memory
from broadcaster.sound.voices import Voice
from tests.simulation.sounds import DIGITS, Samples, code, noise, samples_of, silence

SPEECH = """
Kính thưa bà con, đây là Đài truyền thanh xã. Sáng mai, từ bảy giờ đến mười một giờ, trạm y tế xã tổ chức tiêm
chủng mở rộng cho trẻ em dưới năm tuổi. Đề nghị các gia đình đưa các cháu đến đúng giờ và mang theo sổ tiêm chủng.
"""


def decoded(*parts: Samples, gap_ms: int = 50, step: int = 480) -> list[str]:
    decoder = Decoder(gap_ms)
    sound = np.concatenate(parts)
    return [code for start in range(0, len(sound), step) for code in decoder.feed(sound[start : start + step])]


@settings(deadline=None, max_examples=60)
@given(
    digits=st.text(DIGITS, min_size=1, max_size=8),
    tone_ms=st.integers(50, 200),
    gap_ms=st.integers(50, 200),
    dbfs=st.floats(-30, -3),
    before_ms=st.floats(0, 20),
)
def test_every_code_that_a_station_may_be_set_to_send(
    digits: str, tone_ms: int, gap_ms: int, dbfs: float, before_ms: float
) -> None:
    sent = code(digits, tone_ms=tone_ms, gap_ms=gap_ms, dbfs=dbfs)
    pause = silence(max(200, 2 * gap_ms))  # the shortest that stands between two codes
    assert decoded(silence(before_ms), sent, pause, sent, pause, gap_ms=gap_ms) == [digits, digits]


def test_what_the_products_encoder_sends() -> None:
    sent = samples_of(digits_pcm(DIGITS, tone_ms=80, gap_ms=50, level_dbfs=-9))
    assert decoded(sent, silence(300)) == [DIGITS]


@pytest.mark.parametrize(
    ("sent", "heard"),
    [
        (code("5", tone_ms=45), ["5"]),
        (code("5", tone_ms=25), []),
        (code("5", off=1.015), ["5"]),
        (code("5", off=0.985), ["5"]),
        (code("5", off=1.03), []),
        (code("5", off=0.97), []),
        (code("5", twist=6), ["5"]),
        (code("5", twist=-6), ["5"]),
        (code("5", twist=10), []),
        (code("5", twist=-10), []),
        (code("5", dbfs=-50), []),
        (code("5", tone_ms=3000), ["5"]),
        (code("55555"), ["55555"]),
        (code("5", tone_ms=100) + noise(100, 0.06), ["5"]),
        (code("5", tone_ms=100) + noise(100, 0.9), []),
    ],
    ids=lambda value: "".join(value) if isinstance(value, list) else "",
)
def test_the_limits_of_a_receiver(sent: Samples, heard: list[str]) -> None:
    assert decoded(silence(50), sent, silence(300)) == heard


@pytest.mark.parametrize("gap_ms", [50, 120, 200])
def test_a_code_ends_with_the_pause_after_it(gap_ms: int) -> None:
    longest = 1.5 * gap_ms + 20
    sent = code("*021#", gap_ms=gap_ms)
    assert decoded(sent, silence(longest), code("7"), silence(600), gap_ms=gap_ms) == ["*021#7"]
    assert decoded(sent, silence(longest + 60), code("7"), silence(600), gap_ms=gap_ms) == ["*021#", "7"]
    assert decoded(sent, silence(longest), gap_ms=gap_ms) == []


@pytest.mark.parametrize("step", [1, 100, 479, 480, 960, 5000])
def test_pieces_of_any_size_make_no_difference(step: int) -> None:
    sound = (silence(33), code("*021#"), silence(200), code("*990#"), silence(200))
    assert decoded(*sound, step=step) == ["*021#", "*990#"]


def test_after_the_carrier_dropped_a_half_heard_code_is_forgotten() -> None:
    decoder = Decoder(50)
    decoder.feed(np.concatenate([code("*0"), silence(60)]))
    decoder.reset()
    assert decoder.feed(np.concatenate([silence(20), code("21#"), silence(300)])) == ["21#"]


@pytest.mark.parametrize("make", [opening_chime, closing_chime, siren])
def test_signals_are_no_codes(make: object) -> None:
    assert callable(make)
    assert decoded(samples_of(make()), silence(300)) == []


@pytest.mark.parametrize("hertz", [440, 697, 941, 1209, 1633])
def test_a_single_tone_is_no_code(hertz: int) -> None:
    tone = 0.25 * np.sin(2 * np.pi * hertz * np.arange(48_000) / 48_000)
    assert decoded(tone.astype(np.float32), silence(300)) == []


def test_noise_is_no_code() -> None:
    white = noise(20_000)
    brown = np.cumsum(white - white.mean(), dtype=np.float64)
    assert decoded(white, silence(300)) == []
    assert decoded((brown / np.abs(brown).max()).astype(np.float32), silence(300)) == []


def test_speech_is_no_code_and_hides_none() -> None:
    speech = samples_of(speak_to_memory(SPEECH, voice=Voice("vi", "vi")).sound)
    assert len(speech) > 48_000 * 5
    assert decoded(speech, silence(200), code("*990#"), silence(200), speech, silence(200)) == ["*990#"]
