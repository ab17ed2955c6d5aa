from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from broadcaster.errors import SoundError
from broadcaster.model.pcm import RATE
from broadcaster.sound.bed import LoopedBed, reach
from broadcaster.sound.ducking import RAMP, Ducking, spoken
from broadcaster.sound.limiter import Limiter
from broadcaster.sound.mix import LEAD, PAUSE, WINDOW, Mix, samples, seconds
from broadcaster.sound.mixer import mixed
from broadcaster.sound.run import Run
from broadcaster.sound.segments import segment
from tests.judges import ebur128, needs_ffmpeg
from tests.sound.sounds import noise, tone, values, write

OPENING, BULLETIN, CLOSING = noise(5000, seed=2), noise(WINDOW + 12_345, 12_000), noise(7000, seed=3)
SPEECH = tone(len(BULLETIN) // 2, 6000, hertz=1000)
BED_HZ = 440.3
"""Does not come out even: the end of such a bed does not fit its beginning."""


@pytest.fixture
def mix(tmp_path: Path) -> Mix:
    return Mix(
        opening=write(tmp_path / "opening.wav", OPENING),
        parts=(write(tmp_path / "bulletin.wav", BULLETIN),),
        closing=write(tmp_path / "closing.wav", CLOSING),
    )


def over(mix: Mix, speech: bytes, bed: bytes, **more: float) -> Mix:
    """Return the mix with this speech over this bed."""
    folder = mix.opening.parent
    parts = (write(folder / "b.wav", speech),)
    return replace(mix, parts=parts, bed=write(folder / "bed.wav", bed), **more)  # type: ignore[arg-type]


def _render(mix: Mix) -> bytes:
    return b"".join(mixed(mix))


def _course(mix: Mix) -> bytes:
    """Return the mix between the chimes."""
    return _render(mix)[len(OPENING) : -len(CLOSING)]


def _music(mix: Mix) -> NDArray[np.int64]:
    """Return what the bed alone adds between the chimes, where nothing is limited."""
    return values(_course(mix)) - values(
        _course(replace(mix, bed=write(mix.opening.with_name("0.wav"), bytes(2 * RATE))))
    )


def _decibels(level: float) -> float:
    return float(20 * np.log10(level))


def test_without_a_bed_every_part_stands_bit_for_bit_in_its_place(mix: Mix) -> None:
    pause = bytes(2 * PAUSE)
    assert _render(mix) == OPENING + pause + BULLETIN + pause + CLOSING


def test_parts_join_without_a_sample_between_and_repeat_exactly(mix: Mix, tmp_path: Path) -> None:
    item = noise(4801, seed=5)
    tune, path = noise(3001, seed=6), write(tmp_path / "item.wav", item)
    several = replace(
        mix, signature=write(tmp_path / "tune.wav", tune), parts=(*mix.parts, path, 777, path, *mix.parts)
    )
    pause = bytes(2 * PAUSE)
    parts = BULLETIN + item + bytes(2 * 777) + item + BULLETIN
    assert _render(several) == tune + OPENING + pause + parts + pause + CLOSING
    assert samples(several) == len(_render(several)) // 2


@pytest.mark.parametrize("bed", [None, noise(RATE)], ids=["no bed", "bed"])
@pytest.mark.parametrize("length", [1, 47, 48, WINDOW, WINDOW + 1])
def test_the_length_is_known_before(mix: Mix, tmp_path: Path, bed: bytes | None, length: int) -> None:
    path = write(tmp_path / "bed.wav", bed) if bed else None
    mix = replace(mix, parts=(write(tmp_path / "b.wav", noise(length)),), bed=path)
    assert len(_render(mix)) == 2 * samples(mix)
    assert seconds(mix) == samples(mix) / RATE


def test_another_process_gets_the_very_same_mix(mix: Mix, tmp_path: Path) -> None:
    told = replace(mix, parts=(*mix.parts, 4800), bed=tmp_path / "Nhạc nền.wav", signature=tmp_path / "s", peak_dbtp=-3)
    assert Mix.from_json(json.loads(json.dumps(told.as_json()))) == told
    assert Mix.from_json(json.loads(json.dumps(mix.as_json()))) == mix


def test_a_silent_bed_changes_no_sample_of_the_speech(mix: Mix) -> None:
    assert _course(over(mix, BULLETIN, bytes(2 * RATE))) == bytes(2 * LEAD) + BULLETIN + bytes(2 * LEAD)


@pytest.mark.parametrize("duck_db", [0.0, 6.0, 12.0, 40.0])
def test_the_bed_is_lower_by_so_much_while_somebody_speaks(mix: Mix, duck_db: float) -> None:
    music = np.abs(_music(over(mix, SPEECH, tone(3 * RATE, 10_000), duck_db=duck_db)))
    alone, under = music[RAMP : LEAD - RAMP].max(), music[LEAD:-LEAD].max()
    assert alone == pytest.approx(10_000, rel=0.01)
    assert _decibels(alone / under) == pytest.approx(duck_db, abs=0.2)


def test_the_bed_comes_up_in_a_long_pause_and_not_in_a_short_one(mix: Mix) -> None:
    """Between items, and inside a recording that somebody made with a long pause."""
    mix = over(mix, SPEECH[: 2 * RATE] + bytes(6 * RATE) + SPEECH[: 2 * RATE], tone(3 * RATE, 10_000))
    (item,) = mix.parts
    music = np.abs(_music(replace(mix, parts=(item, 4 * RATE, item, RATE, item))))
    loudest = [music[round(at * RATE) : round(at * RATE) + 2400].max() for at in (1.5, 3.5, 5.5, 8.5, 12.5, 15.5)]
    #           item 1: speech, pause inside, speech; 4 s between; item 2: pause inside; 1 s between
    assert [_decibels(one / 10_000) for one in loudest] == pytest.approx([-12, 0, -12, 0, 0, -12], abs=1)


@needs_ffmpeg
def test_where_both_would_exceed_the_peak_a_limiter_lowers_both(mix: Mix, tmp_path: Path) -> None:
    mix = over(mix, tone(3 * RATE, 27_000, hertz=1000), tone(2 * RATE, 20_000, hertz=300))
    course = write(tmp_path / "course.wav", _course(mix))
    assert ebur128(course)[1] <= -1.5
    under = values(course.read_bytes()[44:][2 * LEAD : -2 * LEAD])[RATE : 2 * RATE] * np.hanning(RATE)
    spectrum = np.abs(np.fft.rfft(under))
    assert _decibels(spectrum[1000] / spectrum[300]) == pytest.approx(_decibels(27 / 20) + 12, abs=0.1)


@needs_ffmpeg
@pytest.mark.parametrize("peak_dbtp", [-1.5, -6.0])
def test_a_part_that_is_too_loud_by_itself_is_limited_too(mix: Mix, tmp_path: Path, peak_dbtp: float) -> None:
    parts = (write(tmp_path / "loud.wav", SPEECH[:RATE] + tone(RATE, 32_000)),)
    loud = replace(mix, parts=parts, peak_dbtp=peak_dbtp)
    whole = write(tmp_path / "whole.wav", _render(loud))
    assert peak_dbtp - 0.6 < ebur128(whole)[1] <= peak_dbtp


def test_the_windows_are_what_one_sum_over_whole_files_would_be(mix: Mix, tmp_path: Path) -> None:
    """The reference: whole files, pydub's plain loop and sum, and gains drawn by hand."""
    speech, music = noise(2 * WINDOW + 789, 6000), noise(1300 * 48, 4000, seed=9)
    mix = over(mix, speech, music)
    mix = replace(mix, parts=(*mix.parts, 3 * RATE, *mix.parts), signature=write(tmp_path / "s.wav", noise(4001)))
    talk = len(speech) // 2
    run = bytes(2 * LEAD) + speech + bytes(6 * RATE) + speech + bytes(2 * LEAD)
    bed, total = segment(music), len(run) // 2
    while bed.frame_count() < total + RATE:
        bed = bed.append(segment(music), crossfade=50)
    first, second, low = LEAD + talk, LEAD + talk + 3 * RATE, 10 ** (-12 / 20)
    places = [0, RAMP, LEAD - RAMP, LEAD, first, first + RAMP, second - RAMP, second, total - LEAD, total - LEAD + RAMP]
    gains = np.interp(np.arange(total), [*places, total - RAMP, total], [0, 1, 1, low, low, 1, 1, low, low, 1, 1, 0])
    reference = values(run) + values(bed.raw_data)[:total] * gains
    difference = values(_render(mix)[2 * 4001 + len(OPENING) : -len(CLOSING)]) - reference
    assert _decibels(np.abs(difference).max() / 32768) < -80


def test_limited_windows_are_what_one_sum_over_the_whole_would_be(mix: Mix) -> None:
    """The reference: the same gains over whole files in double precision."""
    speech, bed = noise(2 * WINDOW + 777, 25_000), noise(int(1.3 * RATE), 12_000, seed=9)
    mix = over(mix, speech, bed)
    run = Run(mix.sequence)
    start, total = len(OPENING) // 2, run.samples - len(CLOSING) // 2
    peaks = run.peaks()
    ducking = Ducking(start, total, spoken(run, start + LEAD, total - LEAD), 10 ** (-12 / 20))
    with LoopedBed(mix.opening.with_name("bed.wav")) as music:
        limiter = Limiter(peaks, -1.5, summed=reach(music, ducking, start, total, len(peaks)))
        music_alone = values(music.read(total - start))
    count = total - start
    both = limiter.gains(start, count)
    assert np.min(both) < 0.9
    voice = np.pad(values(speech).astype(float), LEAD)
    difference = values(_course(mix)) - (voice + music_alone * ducking.gains(start, count)) * both
    assert _decibels(np.max(np.abs(difference)) / 32768) < -80


def test_the_bed_comes_ducks_loops_and_goes_without_a_click(mix: Mix) -> None:
    pauses = SPEECH[: 2 * RATE] + bytes(6 * RATE) + SPEECH[: 2 * RATE]
    music = _music(over(mix, pauses, tone(int(1.7 * RATE), 10_000, hertz=BED_HZ)))
    steepest = 10_000 * 2 * np.pi * BED_HZ / RATE
    assert music[0] == 0
    assert abs(music[-1]) < 10
    assert np.max(np.abs(np.diff(music))) < 1.1 * steepest
    # a click is a corner: the second difference of a sine that is scaled smoothly stays that of the sine, and rounding
    assert np.max(np.abs(np.diff(music, 2))) < 1.5 * steepest * 2 * np.pi * BED_HZ / RATE + 4


def test_the_bed_lasts_as_long_as_the_bulletin(mix: Mix) -> None:
    music = np.abs(_music(over(mix, SPEECH, tone(RATE, 10_000)))[LEAD:-LEAD])
    loudness = [np.max(music[start : start + 2400]) for start in range(0, len(music), 2400)]
    assert min(loudness) > 0.5 * max(loudness)


@pytest.mark.parametrize("name", ["opening", "parts", "closing", "bed", "signature"])
@pytest.mark.parametrize("look", [seconds, _render])
def test_a_missing_part_is_named(mix: Mix, name: str, look: Callable[[Mix], object]) -> None:
    gone = mix.opening.with_name("gone.wav")
    with pytest.raises(SoundError, match=r"gone\.wav is missing"):
        look(replace(mix, **{name: (gone,) if name == "parts" else gone}))  # type: ignore[arg-type]


def test_music_must_last_a_second(mix: Mix) -> None:
    with pytest.raises(SoundError, match="shorter than a second"):
        _render(over(mix, SPEECH, noise(RATE - 1)))
