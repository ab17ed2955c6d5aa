from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.simulation.mpx import PILOT, RATE, SUBCARRIER, groups_to_bits, mpx, write_wav
from tests.rds import Blocks, groups_in, groups_of, needs_v4l2rds, v4l2_groups, v4l2_station

# calls of ten clusters, two free groups and the announcement of the application, as a foreign encoder sent them
# and two foreign decoders read them
ON_AIR: list[Blocks] = [(0x1A01, 0xB7E1, 0x0100 + cluster, 0x2A00) for cluster in range(1, 11)] + [
    (0x1A01, 0x57E0, 0x4F4E, 0x3031),
    (0x1A01, 0x97E5, 0x1234, 0x5678),
    (0x1A01, 0x37F6, 0x0001, 0xCD00),
]
VERSION_B: Blocks = (0x1A01, 0x0FE8, 0x1A01, 0x4153)

words = st.integers(0, 0xFFFF)
some_groups = st.lists(st.tuples(words, words, words, words), min_size=1, max_size=8)
few = settings(max_examples=15, deadline=None)
Signal = npt.NDArray[np.float32]


def in_band(signal: Signal, low: float, high: float) -> float:
    """Return the mean square of what lies between two frequencies, in hertz, at 171 kHz."""
    parts = np.abs(np.fft.rfft(signal.astype(np.float64)) / len(signal)) ** 2
    hertz = np.fft.rfftfreq(len(signal), 1 / RATE)
    return float(2 * np.sum(parts[(hertz >= low) & (hertz <= high)]))


def noise_for(signal: Signal, snr_db: float, seed: int) -> npt.NDArray[np.float64]:
    """Return white noise that is so many decibels below the subcarrier in the band from 54.6 to 59.4 kHz."""
    power_there = in_band(signal, 54_600, 59_400) / 10 ** (snr_db / 10)
    deviation = np.sqrt(power_there * RATE / 2 / 4800)
    return np.random.default_rng(seed).normal(0, deviation, len(signal))


@few
@given(some_groups, st.integers(0, 2**32 - 1))
def test_random_groups_come_through_clean_and_in_noise(groups: list[Blocks], seed: int) -> None:
    signal = mpx(groups)
    assert groups_of(signal) == groups
    assert groups_of(signal + noise_for(signal, 20, seed)) == groups


@few
@given(some_groups, st.integers(144, 104 * 144))
def test_a_radio_switched_on_late_misses_what_had_begun(groups: list[Blocks], late: int) -> None:
    assert groups_of(-mpx([*ON_AIR[:1], *groups])[late:]) == groups


@pytest.mark.parametrize("rate", [142_500, 190_000, 228_000])
def test_other_rates_carry_the_same(rate: int) -> None:
    signal = mpx(ON_AIR, rate)
    assert len(signal) == rate * (104 * len(ON_AIR) + 1) / 1187.5
    assert groups_of(signal, rate) == ON_AIR


@pytest.mark.parametrize("rate", [48_000, 118_750, 170_000])
def test_a_rate_that_does_not_fit_is_refused(rate: int) -> None:
    with pytest.raises(ValueError, match=str(rate)):
        mpx(ON_AIR, rate)


@pytest.mark.parametrize("block", [-1, 0x10000])
def test_a_block_that_is_none_is_refused(block: int) -> None:
    with pytest.raises(ValueError, match="16 bits"):
        groups_to_bits([(0x1A01, 0x57E0, block, 0)])


@pytest.mark.parametrize("group", [ON_AIR[0], VERSION_B])
def test_one_wrong_bit_is_noticed(group: Blocks) -> None:
    bits = groups_to_bits([group])
    assert groups_in(bits) == [group]
    for wrong in np.eye(104, dtype=np.uint8):
        assert groups_in(bits ^ wrong) == []


def test_the_spectrum_is_that_of_the_standard() -> None:
    """Pilot and subcarrier have their levels, nothing lies elsewhere, and the subcarrier itself is suppressed."""
    signal = mpx(ON_AIR * 8)
    pilot, rds = in_band(signal, 18_990, 19_010), in_band(signal, 54_600, 59_400)
    assert 0.08 < np.sqrt(2 * pilot) < 0.10
    assert 1 / 75 < np.sqrt(2 * rds) < 2 / 75
    assert in_band(signal, 0, RATE / 2) - pilot - rds < rds / 1000
    assert in_band(signal, 56_990, 57_010) < rds / 1000


def test_bits_are_shaped_as_the_standard_says() -> None:
    """Up, half a bit later down, all through cos(pi f / 4) up to f = 2, in hertz over 1187.5."""
    signs = 2.0 * (np.cumsum([0, *groups_to_bits(ON_AIR)]) % 2) - 1
    impulses = np.zeros((len(signs), 144))
    impulses[:, 36], impulses[:, 108] = signs, -signs
    bauds = np.fft.rfftfreq(impulses.size, 1 / 144)
    shape = np.where(bauds < 2, np.cos(np.pi * bauds / 4), 0) * 144 * np.pi / 8
    angle = 2 * np.pi / 9 * np.arange(impulses.size)
    subcarrier = np.fft.irfft(np.fft.rfft(impulses.ravel()) * shape, impulses.size) * np.sin(3 * angle)
    difference = mpx(ON_AIR) - PILOT * np.sin(angle) - SUBCARRIER * subcarrier
    ends = 8 * 144  # what lies before the first bit and after the last one is not sent
    assert np.max(np.abs(difference[ends:-ends])) < SUBCARRIER / 500


def test_a_file_holds_the_same_signal(tmp_path: Path) -> None:
    write_wav(tmp_path / "air.wav", ON_AIR)
    with wave.open(str(tmp_path / "air.wav")) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (171_000, 1, 2)
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert np.max(np.abs(samples / 32767 - mpx(ON_AIR))) < 1 / 32767
    assert groups_of(samples) == ON_AIR


@needs_v4l2rds
def test_golden_groups_are_read_by_a_foreign_decoder() -> None:
    heard = groups_of(mpx([*ON_AIR, VERSION_B]))
    assert heard == [*ON_AIR, VERSION_B]
    *golden, last = v4l2_groups(heard)
    kinds = [(11, "A", 1)] * 10 + [(5, "A", 0), (9, "A", 5), (3, "A", 0b10110)]
    assert golden == [(pi, *kind, c, d) for (pi, _, c, d), kind in zip(ON_AIR, kinds, strict=True)]
    assert last == (0x1A01, 0, "B", 8, 0x1A01, 0x4153)


@needs_v4l2rds
@pytest.mark.parametrize("announced", [True, False])
def test_a_foreign_decoder_knows_the_application(announced: bool) -> None:
    station = v4l2_station(groups_of(mpx(ON_AIR if announced else ON_AIR[:-1])))
    assert station.pi == 0x1A01
    assert station.oda == ([(11, "A", 0xCD00)] if announced else [])


@needs_v4l2rds
@pytest.mark.parametrize("text", ["Dai truyen thanh xa Tan An", "x" * 64])
def test_a_foreign_decoder_reads_name_and_text(text: str) -> None:
    name, sent = "XA TAN A", f"{text}\r".ljust(64).encode()
    pairs = [int.from_bytes(sent[at : at + 2], "big") for at in range(0, 64, 2)]
    names: list[Blocks] = [
        (0x1A01, 0x07E8 | at, 0xE0E0, int.from_bytes(name[2 * at : 2 * at + 2].encode(), "big")) for at in range(4)
    ]
    texts: list[Blocks] = [(0x1A01, 0x27E0 | at, pairs[2 * at], pairs[2 * at + 1]) for at in range(16)]
    assert v4l2_station(groups_of(mpx(names + names + texts))) == (0x1A01, name, text, [])
