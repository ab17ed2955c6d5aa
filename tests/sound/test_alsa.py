"""ALSA's own file plug-in as judge: what leaves through a real card's library is what ``air/`` holds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.judges import needs_alsa, pcm_of

_ASOUNDRC = 'pcm.!default {{ type file slave.pcm {{ type null }} file "{raw}" format "raw" }}\n'


def without_pauses(captured: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Take out of ``captured`` the silence that the card put between two blocks, and nothing else.

    The plug-in has no clock: it asks faster than any player plays, and is given silence meanwhile.
    """
    kept, place = [], 0
    for sample in captured:
        if place < len(wanted) and sample == wanted[place]:
            place += 1
        elif sample == 0:
            continue
        kept.append(sample)
    return np.array(kept, "<i2")


@pytest.mark.parametrize(
    ("captured", "kept"),
    [([1, 0, 0, 2, 0, 3], [1, 0, 2, 3]), ([0, 1, 2, 3], [1, 2, 3]), ([1, 0, 3, 3], [1, 0, 3, 3])],
)
def test_nothing_but_silence_is_taken_out(captured: list[int], kept: list[int]) -> None:
    assert without_pauses(np.array(captured), np.array([1, 0, 2, 3])).tolist() == kept


@needs_alsa
def test_alsa_receives_byte_for_byte_what_the_recording_holds(tmp_path: Path) -> None:
    raw = tmp_path / "captured.raw"
    (tmp_path / "asoundrc").write_text(_ASOUNDRC.format(raw=raw))
    variables = {"ALSA_CONFIG_PATH": str(tmp_path / "asoundrc"), "PULSE_SERVER": "/dev/null"}
    command = [sys.executable, "-m", "tests.sound.on_alsa", str(tmp_path)]
    subprocess.run(command, env={**os.environ, **variables}, check=True, timeout=60)
    air = np.frombuffer(pcm_of(tmp_path / "one.wav"), "<i2")
    captured = np.frombuffer(raw.read_bytes(), "<i2")
    assert len(air) > 5 * 48_000
    assert without_pauses(captured, air).tobytes() == air.tobytes()
