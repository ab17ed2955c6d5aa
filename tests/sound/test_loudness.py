from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from broadcaster.model.pcm import RATE
from broadcaster.sound import wav
from broadcaster.sound.loudness import Loudness
from tests.judges import needs_ffmpeg
from tests.sound.media import BULLETIN
from tests.sound.sounds import noise, tone, write

FULL_SCALE = 32767


def measured(pcm: bytes, step: int = RATE) -> Loudness:
    meter = Loudness()
    samples: NDArray[np.int16] = np.frombuffer(pcm, "<i2")
    for start in range(0, len(samples), step):
        meter.add(samples[start : start + step])
    return meter


@pytest.mark.parametrize("level_db", [-3, -20, -40])
def test_a_tone_of_997_hz_is_its_peak_less_three_decibels(level_db: float) -> None:
    """ITU-R BS.1770-4, annex 1: a 0 dBFS sine of 997 Hz in one channel reads -3.01 LKFS."""
    meter = measured(tone(5 * RATE, round(FULL_SCALE * 10 ** (level_db / 20)), 997))
    assert meter.integrated() == pytest.approx(level_db - 3.01, abs=0.05)
    assert meter.peak_dbfs() == pytest.approx(level_db, abs=0.02)


@pytest.mark.parametrize(
    ("pcm", "peak"), [(bytes(5 * RATE * 2), None), (tone(RATE // 5, FULL_SCALE), 0.0), (b"", None)]
)
def test_what_is_silent_or_too_short_has_no_loudness(pcm: bytes, peak: float | None) -> None:
    meter = measured(pcm)
    assert meter.integrated() is None
    assert meter.peak_dbfs() == (None if peak is None else pytest.approx(peak, abs=0.01))


def test_how_the_sound_is_cut_into_pieces_changes_nothing() -> None:
    pcm = noise(2 * RATE) + tone(2 * RATE)
    assert measured(pcm, 700).integrated() == measured(pcm, 4 * RATE).integrated()


@needs_ffmpeg
@pytest.mark.skipif(shutil.which("lame") is None, reason="lame is not installed (Debian: lame)")
@pytest.mark.parametrize("what", ["speech", "noise", "noise with pauses", "loud then soft"])
def test_the_ffmpeg_program_measures_the_same(what: str, tmp_path: Path) -> None:
    file = tmp_path / "judged.wav"
    if what == "speech":
        subprocess.run(["lame", "--quiet", "--decode", str(BULLETIN), str(file)], check=True)
    else:
        pause = bytes(3 * RATE * 2)
        write(
            file,
            {
                "noise": noise(5 * RATE),
                "noise with pauses": noise(4 * RATE) + pause + noise(4 * RATE, 3000),
                "loud then soft": tone(6 * RATE, 16000) + tone(6 * RATE, 900),
            }[what],
        )
    told = subprocess.run(
        ["ffmpeg", "-nostats", "-hide_banner", "-i", str(file), "-af", "ebur128", "-f", "null", "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    judged = float(re.findall(r"I:\s+(-?[\d.]+) LUFS", told)[-1])
    assert measured(b"".join(wav.windows(file, RATE))).integrated() == pytest.approx(judged, abs=0.5)
