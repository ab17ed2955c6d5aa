from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from broadcaster.model.pcm import BLOCK_BYTES, RATE
from broadcaster.model.sirens import Pattern
from broadcaster.sound.signals import closing_chime, opening_chime, patterned, signature, siren
from tests.judges import multimon_digits, needs_multimon, needs_spandsp, spandsp_digits
from tests.sound.sounds import values

Signal = Callable[[], bytes]


def steady() -> bytes:
    return patterned(Pattern(), 3)


def intervals() -> bytes:
    return patterned(Pattern(on_s=1, off_s=0.5), 4)


ALL = pytest.mark.parametrize("signal", [opening_chime, closing_chime, signature, siren, steady, intervals])


def _pitch(pcm: bytes) -> float:
    """Return the strongest frequency in hertz."""
    wave = values(pcm)
    return float(np.argmax(np.abs(np.fft.rfft(wave * np.hanning(len(wave))))) * RATE / len(wave))


@pytest.mark.parametrize(
    ("signal", "seconds", "peak_dbfs"),
    [
        (opening_chime, 2, -6),
        (closing_chime, 2, -6),
        (signature, 5.5, -6),
        (siren, 10, -3),
        (steady, 3, -3),
        (intervals, 4, -3),
    ],
)
def test_length_and_level(signal: Signal, seconds: float, peak_dbfs: float) -> None:
    pcm = signal()
    assert len(pcm) == seconds * RATE * 2
    assert len(pcm) % BLOCK_BYTES == 0
    assert 20 * np.log10(np.max(np.abs(values(pcm))) / 32767) == pytest.approx(peak_dbfs, abs=0.01)


@ALL
def test_no_clicks(signal: Signal) -> None:
    wave = values(signal())
    assert abs(wave[0]) < 10
    assert abs(wave[-1]) < 10
    # the third difference of a smooth wave of at most 3 kHz is small, that of a step is as high as the step
    assert np.max(np.abs(np.diff(wave, 3))) < 0.1 * np.max(np.abs(wave))


@ALL
@needs_multimon
def test_no_receiver_of_one_kind_takes_it_for_a_code(signal: Signal, tmp_path: Path) -> None:
    assert multimon_digits(signal(), tmp_path) == ""


@ALL
@needs_spandsp
def test_no_receiver_of_another_kind_takes_it_for_a_code(signal: Signal) -> None:
    assert spandsp_digits(signal()) == ""


def test_one_chime_rises_and_the_other_falls() -> None:
    quarter, second = RATE // 4 * 2, RATE * 2  # in bytes
    low, high = pytest.approx(392, abs=5), pytest.approx(659, abs=5)
    for chime, first, last in ((opening_chime(), low, high), (closing_chime(), high, low)):
        assert _pitch(chime[:quarter]) == first
        assert _pitch(chime[second:][:second]) == last


def test_the_siren_is_there_at_once() -> None:
    wave = np.abs(values(siren()))
    assert np.max(wave[: RATE // 50]) > 0.6 * np.max(wave)


def test_the_siren_wails_between_500_and_1000_hertz() -> None:
    pcm, step = siren(), RATE // 5
    pitches = [_pitch(pcm[start : start + step]) for start in range(0, len(pcm), step)]
    assert min(pitches) == pytest.approx(500, abs=30)
    assert max(pitches) == pytest.approx(1000, abs=30)
