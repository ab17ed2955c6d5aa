from __future__ import annotations

import re
import resource
import signal
import subprocess
import sys
import wave
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadcaster.simulation.recording import Recording
from tests.judges import pcm_of
from tests.simulation.sounds import chunks, noise

CHUNKS = chunks(noise(1000))


def only(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(count=st.integers(0, 100))
def test_it_holds_what_sounded_sample_for_sample(tmp_path: Path, count: int) -> None:
    folder = tmp_path / str(count)
    for old in folder.glob("*"):
        old.unlink()
    recording = Recording(folder)
    for chunk in CHUNKS[:count]:
        recording.add(chunk)
    recording.close()
    assert pcm_of(only(folder)) == b"".join(CHUNKS[:count])


def test_it_is_named_by_its_start_in_utc(tmp_path: Path) -> None:
    Recording(tmp_path / "cluster-07").close()
    assert re.fullmatch(r"\d{8}T\d{6}\.\d{6}Z\.wav", only(tmp_path / "cluster-07").name)


def test_the_file_is_a_whole_wav_while_it_grows(tmp_path: Path) -> None:
    recording = Recording(tmp_path)
    lengths = []
    for chunk in CHUNKS[:50]:
        with wave.open(str(only(tmp_path))) as file:
            lengths.append(file.getnframes())
            assert len(file.readframes(file.getnframes())) == 2 * lengths[-1]
        recording.add(chunk)
    recording.close()
    assert lengths == [0] * 20 + [9600] * 20 + [19200] * 10


def test_it_survives_a_kill(tmp_path: Path) -> None:
    program = (
        "import os, pathlib, sys; from broadcaster.simulation.recording import Recording\n"
        "one = Recording(pathlib.Path(sys.argv[1]))\n"
        "for _ in range(45): one.add(bytes([1, 2]) * 480)\n"
        "os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert pcm_of(only(tmp_path)) == bytes([1, 2]) * 480 * 40


def test_a_full_disk_stops_nothing_and_leaves_a_whole_file(tmp_path: Path) -> None:
    # a limit on the size of files is what a process can have of a full disk; Python ignores its signal
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    recording = Recording(tmp_path)
    resource.setrlimit(resource.RLIMIT_FSIZE, (30_001, before[1]))
    try:
        for chunk in CHUNKS:
            recording.add(chunk)
        recording.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    kept = pcm_of(only(tmp_path))
    assert 0 < len(kept) < 30_001
    assert b"".join(CHUNKS).startswith(kept)


def test_a_folder_that_cannot_be_made_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    recording = Recording(tmp_path / "file" / "cluster-01")
    for chunk in CHUNKS:
        recording.add(chunk)
    recording.close()
    assert only(tmp_path).read_bytes() == b""
