"""Prepared sound, judged by the ffmpeg program: its loudness, its true peak, its ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from broadcaster.config.settings import AUDIO
from broadcaster.model.pcm import RATE
from broadcaster.sound import wav
from broadcaster.sound.goal import Target
from broadcaster.sound.library import Asset, Library
from broadcaster.sound.mix import Mix
from broadcaster.sound.render import render_to_file
from tests.judges import ebur128, needs_ffmpeg
from tests.sound.recordings import cases, write
from tests.sound.sounds import spoken

HOPELESS = {"drums"}
"""Noise bursts with nothing between: under -1.5 dBTP they cannot be as loud as that, and are left as they are."""
MOSTLY_BED = {"0.5 s", "1 s", "long pauses", "silence-heavy"}
"""Speech in a mix of these is as loud as ever; the music that is left alone, or ducked, is not, and counts too."""
KINDS = sorted(cases(np.zeros(40 * RATE, np.float32)))

pytestmark = needs_ffmpeg


@pytest.fixture(scope="module")
def speech() -> np.ndarray:
    return spoken(80)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    (tmp_path / "library").mkdir()
    return Library(tmp_path / "library")


def ingested(library: Library, speech: np.ndarray, kind: str, folder: Path) -> Asset:
    path = folder / "brought.bin"
    write(*cases(speech)[kind], path)
    return library.ingest(path, title=kind, longest_s=120)


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_brought_comes_out_at_its_loudness_below_the_limit(
    kind: str, library: Library, speech: np.ndarray, tmp_path: Path
) -> None:
    asset = ingested(library, speech, kind, tmp_path)
    loudness, peak = ebur128(library.path(asset.id))
    assert peak <= -1.5
    assert asset.peak_dbfs is not None
    assert peak - 0.4 < asset.peak_dbfs < peak + 1.5  # never told lower than it is
    if kind in HOPELESS:
        assert -24 < loudness < -16
    elif asset.duration_s > 0.7:  # shorter ones the standard cannot judge
        assert loudness == pytest.approx(-16, abs=0.5)
        assert asset.loudness_lufs == pytest.approx(loudness, abs=0.2)


def test_silent_ends_are_cut_and_told(library: Library, speech: np.ndarray, tmp_path: Path) -> None:
    asset = ingested(library, speech, "silence-heavy", tmp_path)
    assert asset.lead_s == pytest.approx(20, abs=0.5)
    assert asset.tail_s > 44
    assert asset.duration_s < 5


def test_who_stands_far_from_the_microphone_is_heard_as_well(
    library: Library, speech: np.ndarray, tmp_path: Path
) -> None:
    asset = ingested(library, speech, "two speakers, 20 dB", tmp_path)
    sound = np.frombuffer(b"".join(wav.windows(library.path(asset.id), RATE)), "<i2").astype(float)
    parts = sound[5 * RATE : 15 * RATE], sound[25 * RATE : 35 * RATE]
    near, far = (float(np.sqrt((part**2).mean())) for part in parts)
    assert abs(20 * np.log10(near / far)) < 4


def test_what_a_horn_cannot_sound_is_gone(library: Library, speech: np.ndarray, tmp_path: Path) -> None:
    asset = ingested(library, speech, "rumble", tmp_path)
    sound = np.frombuffer(b"".join(wav.windows(library.path(asset.id), RATE)), "<i2").astype(float)
    spectrum = np.abs(np.fft.rfft(sound)) ** 2
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    assert spectrum[hertz < 60].sum() < 0.1 * spectrum.sum()  # 99 % before
    assert spectrum[hertz > 12_000].sum() < 1e-3 * spectrum.sum()


@pytest.mark.parametrize("goal", [Target(-20, -3), Target(-23, -1)])
def test_another_goal_is_met_too(goal: Target, speech: np.ndarray, tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    library = Library(tmp_path / "library", goal)
    asset = ingested(library, speech, "24 bit", tmp_path)
    loudness, peak = ebur128(library.path(asset.id))
    assert loudness == pytest.approx(goal.lufs, abs=0.5)
    assert peak <= goal.peak_dbtp


def test_the_picture_of_a_sound_shows_where_it_is_loud(library: Library, speech: np.ndarray, tmp_path: Path) -> None:
    asset = ingested(library, speech, "long pauses", tmp_path)
    assert len(asset.waveform) == 200
    assert 60 < max(asset.waveform) <= 85
    assert min(asset.waveform) < 10


def test_nothing_is_left_of_what_was_written_on_the_way(library: Library, speech: np.ndarray, tmp_path: Path) -> None:
    asset = ingested(library, speech, "noisy", tmp_path)
    names: Iterator[str] = (path.name for path in (tmp_path / "library").iterdir())
    assert sorted(names) == [f"{asset.id}.json", f"{asset.id}.npy", f"{asset.id}.wav"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_finished_mix_over_a_bed_is_at_its_loudness_below_the_limit(
    kind: str, library: Library, speech: np.ndarray, tmp_path: Path
) -> None:
    spoken = ingested(library, speech, kind, tmp_path)
    bed = ingested(library, speech, "tone" if kind == "music" else "music", tmp_path)  # over itself it adds up
    opening, closing = (AUDIO / f"chime-{name}.wav" for name in ("open", "close"))
    render_to_file(Mix(opening, (library.path(spoken.id),), closing, library.path(bed.id)), tmp_path / "mix.wav")
    loudness, peak = ebur128(tmp_path / "mix.wav")
    assert peak <= -1.5
    if kind not in HOPELESS | MOSTLY_BED:
        assert loudness == pytest.approx(-16, abs=0.5)
