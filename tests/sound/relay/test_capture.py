"""A relay from the sound card's input; ALSA's file plug-in plays the tuner."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from broadcaster.model.pcm import BLOCK_BYTES, RATE
from broadcaster.sound.relay.line import Line
from tests.judges import needs_alsa
from tests.sound.sounds import noise

_ASOUNDRC = """pcm.tuner {{ type null }}
pcm.!default {{ type file slave.pcm tuner file "/dev/null" infile "{heard}" format "raw" }}
"""


@pytest.fixture
def tuner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """What a card's input hears from its first sample on."""
    heard = noise(2 * RATE)
    (tmp_path / "heard.raw").write_bytes(heard)
    (tmp_path / "asoundrc").write_text(_ASOUNDRC.format(heard=tmp_path / "heard.raw"))
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(tmp_path / "asoundrc"))
    monkeypatch.setenv("PULSE_SERVER", "/dev/null")
    return heard


def captured(kind: str, device: str, count: int) -> tuple[bytes, int]:
    """Return the first ``count`` bytes of the child, and how it ended when nobody listened any more."""
    command = [sys.executable, "-m", "broadcaster.sound.relay.capture", kind, device]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(os.environ)) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        sound = child.stdout.read(count)
        child.stdin.close()
        return sound, child.wait(10)


@needs_alsa
def test_what_the_card_hears_comes_byte_for_byte(tuner: bytes) -> None:
    sound, status = captured("card", "", 2 * len(tuner))
    assert tuner in sound
    assert status == 0


@needs_alsa
def test_a_line_gives_it_in_blocks(tuner: bytes) -> None:
    line, heard, begun = Line("broadcaster.sound.relay.capture", "card", "", seconds=60), b"", time.monotonic()
    while tuner not in heard:
        heard += line.take()[0]
        assert time.monotonic() - begun < 10, "the tuner is not heard"
        time.sleep(0.001)
    line.close()


def test_a_card_that_is_not_there_is_no_silence() -> None:
    assert captured("card", "no such card", BLOCK_BYTES) == (b"", 1)


def test_the_null_device_runs_at_the_pace_of_a_card() -> None:
    begun = time.monotonic()
    sound, _ = captured("null", "", RATE)
    assert not np.frombuffer(sound, "<i2").any()
    assert time.monotonic() - begun >= 0.3
