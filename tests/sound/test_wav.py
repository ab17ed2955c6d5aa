from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from broadcaster.errors import SoundError
from broadcaster.sound import wav
from tests.sound.sounds import noise, write


def _with_form(rate: int, channels: int, width: int) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with wave.open(str(path), "wb") as file:
            file.setframerate(rate)
            file.setnchannels(channels)
            file.setsampwidth(width)
            file.writeframes(bytes(4800))

    return make


def _cut_short(path: Path) -> None:
    write(path, noise(4800))
    path.write_bytes(path.read_bytes()[:-100])


UNUSABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: path.parent, "is missing"),
    "no WAV": (lambda path: path.write_bytes(b"ID3" + bytes(500)), "is not a 48 kHz mono"),
    "nothing in it": (lambda path: path.write_bytes(b""), "is not a 48 kHz mono"),
    "44.1 kHz": (_with_form(44100, 1, 2), "is not a 48 kHz mono"),
    "stereo": (_with_form(48000, 2, 2), "is not a 48 kHz mono"),
    "24 bit": (_with_form(48000, 1, 3), "is not a 48 kHz mono"),
    "no sample": (lambda path: write(path, b""), "empty or cut short"),
    "cut short": (_cut_short, "empty or cut short"),
    "a folder": (lambda path: path.mkdir(), "cannot be read"),
}


@pytest.mark.parametrize(("make", "says"), UNUSABLE.values(), ids=UNUSABLE.keys())
def test_an_unusable_file_is_refused_with_one_sentence(
    tmp_path: Path, make: Callable[[Path], object], says: str
) -> None:
    path = tmp_path / "sound.wav"
    make(path)
    with pytest.raises(SoundError, match=says):
        wav.samples(path)


@pytest.mark.parametrize("size", [1000, 4801, 9999])
def test_windows_hold_the_whole_file(tmp_path: Path, size: int) -> None:
    pcm = noise(4801)
    pieces = list(wav.windows(write(tmp_path / "sound.wav", pcm), size))
    assert b"".join(pieces) == pcm
    assert max(len(piece) for piece in pieces) <= 2 * size


def test_a_file_can_be_read_from_any_sample(tmp_path: Path) -> None:
    pcm = noise(500)
    with wav.CanonicalFile(write(tmp_path / "sound.wav", pcm)) as file:
        file.seek(100)
        assert file.read(10) == pcm[200:220]
        assert file.samples == 500
