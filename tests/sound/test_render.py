from __future__ import annotations

import json
import resource
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from broadcaster.errors import SoundError
from broadcaster.model.pcm import RATE
from broadcaster.sound import wav
from broadcaster.sound.mix import Mix
from broadcaster.sound.mixer import mixed
from broadcaster.sound.render import render_to_file, render_to_memory
from tests.sound.sounds import noise, tone, values, write


@pytest.fixture
def mix(tmp_path: Path) -> Mix:
    parts = tmp_path / "parts"
    parts.mkdir()
    chime = write(parts / "chime.wav", noise(5000))
    bed = write(parts / "Nhạc nền.wav", noise(2 * RATE))
    return Mix(chime, (write(parts / "bulletin.wav", noise(20_000)),), chime, bed, 9.5)


def _left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def test_a_child_renders_what_the_mixer_mixes(mix: Mix, tmp_path: Path) -> None:
    pcm = b"".join(mixed(mix))
    target = tmp_path / "mix.wav"
    assert render_to_file(mix, target) == len(pcm) / 2 / RATE
    assert b"".join(wav.windows(target, RATE)) == render_to_memory(mix) == pcm
    assert _left(tmp_path) == ["mix.wav"]


def test_a_mix_without_a_bed_reaches_the_child_as_such(mix: Mix) -> None:
    plain = replace(mix, bed=None)
    assert render_to_memory(plain) == b"".join(mixed(plain))


def test_the_peak_that_was_asked_for_reaches_the_child(mix: Mix, tmp_path: Path) -> None:
    loud = replace(mix, parts=(write(tmp_path / "parts" / "loud.wav", tone(RATE, 30_000)),), bed=None, peak_dbtp=-9.0)
    assert np.abs(values(render_to_memory(loud))).max() < 32768 * 10 ** (-9 / 20)


def test_a_refusal_of_the_child_arrives_as_a_sentence(mix: Mix, tmp_path: Path) -> None:
    short = replace(mix, bed=write(tmp_path / "parts" / "short.wav", noise(100)))
    with pytest.raises(SoundError, match=r"short\.wav is shorter than a second"):
        render_to_file(short, tmp_path / "mix.wav")
    assert _left(tmp_path) == []


def test_a_missing_part_is_noticed_before_a_child_starts(mix: Mix, tmp_path: Path) -> None:
    with pytest.raises(SoundError, match="is missing"):
        render_to_memory(replace(mix, closing=tmp_path / "gone.wav"))


def test_a_place_that_cannot_be_written_is_told(mix: Mix, tmp_path: Path) -> None:
    with pytest.raises(SoundError, match="cannot be written"):
        render_to_file(mix, tmp_path / "no such folder" / "mix.wav")


def test_a_full_disk_leaves_no_half_file(mix: Mix, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(SoundError, match="cannot be written"):
            render_to_file(mix, tmp_path / "mix.wav")
        assert render_to_memory(mix)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert _left(tmp_path) == []


def test_what_is_cancelled_leaves_nothing(mix: Mix, tmp_path: Path) -> None:
    cancelled = threading.Event()
    cancelled.set()
    assert render_to_file(mix, tmp_path / "mix.wav", cancelled) == 0.0
    assert _left(tmp_path) == []


def test_the_parent_loads_nothing_heavy() -> None:
    look = "import sys, broadcaster.sound.render; print(sorted({'pydub', 'numpy', 'av'} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert loaded.stdout == "[]\n"


def _peak_mb(mix: Mix, target: Path) -> int:
    """Return the peak memory of a rendering process, as Linux counts it."""
    measure = (
        "import sys; from broadcaster.sound.render import main; main();"
        "sys.stderr.write(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
    )
    job = json.dumps({**mix.as_json(), "target": str(target)})
    done = subprocess.run([sys.executable, "-c", measure], input=job, capture_output=True, text=True, check=True)
    return int(done.stderr) // 1024


def test_memory_does_not_grow_with_the_bulletin(mix: Mix, tmp_path: Path) -> None:
    peaks = []
    for minutes in (1, 4):
        bulletin = write(tmp_path / f"{minutes}.wav", noise(RATE) * (60 * minutes))
        peaks.append(_peak_mb(replace(mix, parts=(bulletin,)), tmp_path / "mix.wav"))
    assert max(peaks) < 150
    assert peaks[1] - peaks[0] < 10
