from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from broadcaster.errors import SoundError
from broadcaster.model.pcm import RATE
from broadcaster.sound.bed import RAMP, Course, LoopedBed
from broadcaster.sound.mix import LEAD, PAUSE, WINDOW, Mix, samples, seconds
from broadcaster.sound.mixer import mixed
from broadcaster.sound.peaks import of_file
from tests.judges import ebur128, needs_ffmpeg
from tests.sound.sounds import noise, tone, values, write

OPENING, BULLETIN, CLOSING = noise(5000, seed=2), noise(WINDOW + 12_345, 12_000), noise(7000, seed=3)
SILENT = bytes(len(BULLETIN))


@pytest.fixture
def mix(tmp_path: Path) -> Mix:
    return Mix(
        opening=write(tmp_path / "opening.wav", OPENING),
        bulletin=write(tmp_path / "bulletin.wav", BULLETIN),
        closing=write(tmp_path / "closing.wav", CLOSING),
    )


def _render(mix: Mix) -> bytes:
    return b"".join(mixed(mix))


def _course(mix: Mix) -> bytes:
    """Return the mix between the chimes."""
    return _render(mix)[len(OPENING) : -len(CLOSING)]


def _speech(course: bytes) -> bytes:
    """Return the part of a mix with a bed in which somebody speaks."""
    return course[2 * LEAD : -2 * LEAD]


def test_without_a_bed_every_part_stands_bit_for_bit_in_its_place(mix: Mix) -> None:
    pause = bytes(2 * PAUSE)
    assert _render(mix) == OPENING + pause + BULLETIN + pause + CLOSING


@pytest.mark.parametrize("bed", [None, noise(RATE)], ids=["no bed", "bed"])
@pytest.mark.parametrize("length", [1, 47, 48, WINDOW, WINDOW + 1])
def test_the_length_is_known_before(mix: Mix, tmp_path: Path, bed: bytes | None, length: int) -> None:
    path = write(tmp_path / "bed.wav", bed) if bed else None
    mix = replace(mix, bulletin=write(tmp_path / "b.wav", noise(length)), bed=path)
    assert len(_render(mix)) == 2 * samples(mix)
    assert seconds(mix) == samples(mix) / RATE


def test_a_silent_bed_changes_no_sample_of_the_speech(mix: Mix, tmp_path: Path) -> None:
    course = _course(replace(mix, bed=write(tmp_path / "bed.wav", bytes(2 * RATE))))
    assert course == bytes(2 * LEAD) + BULLETIN + bytes(2 * LEAD)


@pytest.mark.parametrize("duck_db", [0.0, 6.0, 12.0, 40.0])
def test_the_bed_is_lower_by_so_much_while_somebody_speaks(mix: Mix, tmp_path: Path, duck_db: float) -> None:
    mix = replace(
        mix,
        bulletin=write(tmp_path / "b.wav", SILENT),
        bed=write(tmp_path / "bed.wav", tone(3 * RATE, 10_000)),
        duck_db=duck_db,
    )
    course = _course(mix)
    alone = np.max(np.abs(values(course)[RAMP : LEAD - RAMP]))
    under = np.max(np.abs(values(_speech(course))))
    assert alone == pytest.approx(10_000, rel=0.01)
    assert 20 * np.log10(alone / under) == pytest.approx(duck_db, abs=0.1)


@needs_ffmpeg
def test_where_both_would_exceed_the_peak_a_limiter_lowers_both(mix: Mix, tmp_path: Path) -> None:
    speech = tone(3 * RATE, 27_000, hertz=1000)
    bed = tone(2 * RATE, 20_000, hertz=300)
    mix = replace(mix, bulletin=write(tmp_path / "b.wav", speech), bed=write(tmp_path / "bed.wav", bed), duck_db=12)
    course = write(tmp_path / "course.wav", _course(mix))
    assert ebur128(course)[1] <= -1.5
    under = values(_speech(course.read_bytes()[44:]))[RATE : 2 * RATE] * np.hanning(RATE)
    spectrum = np.abs(np.fft.rfft(under))
    assert 20 * np.log10(spectrum[1000] / spectrum[300]) == pytest.approx(20 * np.log10(27 / 20) + 12, abs=0.1)


def test_the_windows_are_what_one_sum_over_the_whole_would_be(mix: Mix, tmp_path: Path) -> None:
    """The reference: whole files in double precision."""
    speech, bed = noise(2 * WINDOW + 777, 25_000), noise(int(1.3 * RATE), 12_000, seed=9)
    mix = replace(mix, bulletin=write(tmp_path / "b.wav", speech), bed=write(tmp_path / "bed.wav", bed))
    with LoopedBed(tmp_path / "bed.wav") as music:
        course = Course(of_file(tmp_path / "b.wav"), len(speech) // 2, music, 10 ** (-12 / 20), -1.5)
        total = len(speech) // 2 + 2 * LEAD
        gains = [np.broadcast_to(course.common(0, total), total), np.broadcast_to(course.share(0, total), total)]
        both = np.pad(values(speech).astype(float), LEAD) + values(music.read(total)) * gains[1]
    difference = values(_course(mix)) - both * gains[0]
    assert 20 * np.log10(np.max(np.abs(difference)) / 32768) < -80


def test_the_bed_comes_ducks_loops_and_goes_without_a_click(mix: Mix, tmp_path: Path) -> None:
    # a bed whose end does not fit its beginning: 440.3 Hz do not come out even
    bed = tone(int(1.7 * RATE), 10_000, hertz=440.3)
    mix = replace(mix, bulletin=write(tmp_path / "b.wav", SILENT), bed=write(tmp_path / "bed.wav", bed))
    course = values(_course(mix))
    steepest = 10_000 * 2 * np.pi * 440.3 / RATE
    assert course[0] == 0
    assert abs(course[-1]) < 10
    assert np.max(np.abs(np.diff(course))) < 1.1 * steepest


def test_the_bed_lasts_as_long_as_the_bulletin(mix: Mix, tmp_path: Path) -> None:
    mix = replace(mix, bulletin=write(tmp_path / "b.wav", SILENT), bed=write(tmp_path / "bed.wav", tone(RATE, 10_000)))
    music = np.abs(values(_speech(_course(mix))))
    loudness = [np.max(music[start : start + 2400]) for start in range(0, len(music), 2400)]
    assert min(loudness) > 0.5 * max(loudness)


@pytest.mark.parametrize("part", ["opening", "bulletin", "closing", "bed"])
@pytest.mark.parametrize("look", [seconds, _render])
def test_a_missing_part_is_named(mix: Mix, part: str, look: Callable[[Mix], object]) -> None:
    bed = write(mix.opening.with_name("bed.wav"), noise(RATE))
    parts = {"opening": mix.opening, "bulletin": mix.bulletin, "closing": mix.closing, "bed": bed}
    parts[part] = mix.opening.with_name("gone.wav")
    with pytest.raises(SoundError, match=r"gone\.wav is missing"):
        look(Mix(parts["opening"], parts["bulletin"], parts["closing"], parts["bed"]))


def test_music_must_last_a_second(mix: Mix, tmp_path: Path) -> None:
    with pytest.raises(SoundError, match="shorter than a second"):
        _render(replace(mix, bed=write(tmp_path / "bed.wav", noise(RATE - 1))))
