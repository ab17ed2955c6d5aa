from __future__ import annotations

from pathlib import Path

import pytest

from broadcaster.errors import SoundError
from broadcaster.model.pcm import RATE
from broadcaster.sound import flac
from tests.sound.sounds import noise, tone, write


@pytest.mark.parametrize(
    "sound", [noise(3 * RATE + 17, 32767), tone(RATE // 3), bytes(2)], ids=["noise", "tone", "one"]
)
def test_what_is_compressed_is_the_same_sound(sound: bytes, tmp_path: Path) -> None:
    recording = write(tmp_path / "one.wav", sound)
    flac.compress(recording, tmp_path / "one.part")
    assert b"".join(flac.samples_of(tmp_path / "one.part")) == sound


def test_it_is_worth_it(tmp_path: Path) -> None:
    recording = write(tmp_path / "one.wav", tone(10 * RATE))
    flac.compress(recording, tmp_path / "one.part")
    assert (tmp_path / "one.part").stat().st_size < recording.stat().st_size / 2


@pytest.mark.parametrize("content", [b"", b"RIFF", b"\0" * 5000])
def test_what_is_no_recording_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "one.wav").write_bytes(content)
    with pytest.raises(SoundError):
        flac.compress(tmp_path / "one.wav", tmp_path / "one.part")
