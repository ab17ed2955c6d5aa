from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from broadcaster.config.encoders import DtmfSettings
from broadcaster.devices.dtmf import DtmfEncoder, digits_pcm, tone
from broadcaster.model.cluster import Call, Reach
from broadcaster.model.pcm import BLOCK_BYTES, RATE
from tests.judges import multimon_digits, needs_multimon, needs_spandsp, spandsp_digits

CALLS = [
    Call(Reach.CLUSTER, "02", frozenset([2])),
    Call(Reach.GROUP, "91", frozenset([1, 3])),
    Call(Reach.ALL, "", frozenset([1, 2, 3])),
]
ALL_DIGITS = "0123456789ABCD*#"
EXTREMES = [(80, 50, -9.0), (50, 50, -9.0), (200, 200, -9.0), (80, 50, -3.0), (80, 50, -30.0)]


@needs_multimon
@pytest.mark.parametrize(("tone_ms", "gap_ms", "level"), EXTREMES)
def test_multimon_reads_every_digit(tone_ms: int, gap_ms: int, level: float, tmp_path: Path) -> None:
    pcm = digits_pcm(ALL_DIGITS, tone_ms=tone_ms, gap_ms=gap_ms, level_dbfs=level)
    assert multimon_digits(bytes(19200) + pcm + bytes(19200), tmp_path) == ALL_DIGITS


@needs_spandsp
@pytest.mark.parametrize(("tone_ms", "gap_ms", "level"), EXTREMES)
def test_spandsp_reads_every_digit_at_8_khz(tone_ms: int, gap_ms: int, level: float) -> None:
    pcm = digits_pcm(ALL_DIGITS, tone_ms=tone_ms, gap_ms=gap_ms, level_dbfs=level)
    assert spandsp_digits(bytes(19200) + pcm + bytes(19200)) == ALL_DIGITS


def over_the_air(pcm: bytes, twist_db: float, band_hz: float) -> bytes:
    """Return the sound after a channel: high tones so much louder than low ones; white noise 12 dB below in a band."""
    samples = np.frombuffer(pcm, "<i2").astype(np.float64)
    spectrum = np.fft.rfft(samples)
    high = np.fft.rfftfreq(len(samples), 1 / RATE) > 1075
    samples = np.fft.irfft(spectrum * 10 ** (np.where(high, twist_db, -twist_db) / 40), len(samples))
    power = np.mean(samples[np.abs(samples) > np.abs(samples).max() / 100] ** 2) / 10 ** (12 / 10)
    noise = np.random.default_rng(4).normal(0, np.sqrt(power * RATE / 2 / band_hz), len(samples))
    return np.clip(samples + noise, -32768, 32767).astype("<i2").tobytes()


@needs_multimon
@needs_spandsp
@pytest.mark.parametrize("twist_db", [-3, 0, 3])
@pytest.mark.parametrize(("tone_ms", "gap_ms", "level"), EXTREMES)
def test_both_judges_read_every_digit_after_a_bad_channel(
    tone_ms: int, gap_ms: int, level: float, twist_db: int, tmp_path: Path
) -> None:
    pcm = digits_pcm(ALL_DIGITS, tone_ms=tone_ms, gap_ms=gap_ms, level_dbfs=level)
    # the shortest tones have 12 dB in the whole band, as the sound is; from 80 ms on within 4 kHz, where one listens
    heard = over_the_air(bytes(19200) + pcm + bytes(19200), twist_db, 24_000 if tone_ms < 80 else 4000)
    assert multimon_digits(heard, tmp_path) == ALL_DIGITS
    assert spandsp_digits(heard) == ALL_DIGITS


def test_level_and_ramps() -> None:
    samples = np.frombuffer(tone("5", 80, -9), "<i2")
    assert abs(20 * np.log10(np.abs(samples).max() / 32767) + 9) < 0.3
    assert abs(int(samples[0])) < 50
    assert abs(int(samples[-1])) < 50


def test_no_digit_is_an_error() -> None:
    with pytest.raises(ValueError, match="substring"):
        tone("x", 80, -9)


@needs_multimon
def test_calls_go_out_in_whole_rounds(tmp_path: Path) -> None:
    encoder = DtmfEncoder(DtmfSettings(repeats=2))
    assert multimon_digits(b"".join(encoder.open(CALLS)), tmp_path) == "*021#*911#*991#" * 2
    assert multimon_digits(b"".join(encoder.close(CALLS[:1])), tmp_path) == "*020#" * 2


@pytest.mark.parametrize("code_gap_ms", [200, 300, 1000])
@pytest.mark.parametrize("count", [1, 3])
def test_300_ms_of_silence_lie_around_all_codes(code_gap_ms: int, count: int) -> None:
    encoder = DtmfEncoder(DtmfSettings(code_gap_ms=code_gap_ms, repeats=2))
    for codes in (encoder.open(CALLS[:count]), encoder.close(CALLS[:count])):
        (heard,) = np.nonzero(np.frombuffer(pcm := b"".join(codes), "<i2"))
        assert heard[0] >= 0.3 * RATE
        assert len(pcm) // 2 - 1 - heard[-1] >= 0.3 * RATE


@pytest.mark.parametrize("repeats", [1, 3])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_whole_blocks_and_the_promised_length(repeats: int, count: int) -> None:
    encoder = DtmfEncoder(DtmfSettings(repeats=repeats))
    blocks = list(encoder.open(CALLS[:count]))
    assert {len(block) for block in blocks} == {BLOCK_BYTES}
    assert len(blocks) * BLOCK_BYTES == encoder.seconds(CALLS[:count]) * RATE * 2


def test_256_calls_take_as_long_as_their_tones() -> None:
    """Tones, gaps and the pause between codes: nothing else is waited for, and as much is told in advance."""
    settings = DtmfSettings()
    encoder = DtmfEncoder(settings)
    calls = [Call(Reach.CLUSTER, f"{number:03}", frozenset([number])) for number in range(1, 257)]
    digits = 6  # *nnn1#
    code_ms = digits * settings.tone_ms + (digits - 1) * settings.gap_ms + settings.code_gap_ms
    limit_s = settings.repeats * len(calls) * code_ms / 1000
    assert encoder.seconds(calls) == pytest.approx(limit_s, rel=0.05)
    assert sum(1 for _ in encoder.open(calls)) * BLOCK_BYTES / 2 / RATE == pytest.approx(limit_s, rel=0.05)


def test_nothing_to_call_is_nothing_to_hear() -> None:
    encoder = DtmfEncoder(DtmfSettings())
    assert list(encoder.open([])) == []
    assert encoder.seconds([]) == 0
