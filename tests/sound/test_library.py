from __future__ import annotations

import hashlib
import os
import shutil
import sys
import time
from pathlib import Path

import pytest

from broadcaster.errors import SoundError
from broadcaster.model.pcm import RATE
from broadcaster.sound import wav
from broadcaster.sound.library import Library
from broadcaster.sound.voices import Voice
from tests.sound.media import BULLETIN, encoded

VI = Voice("vi", "vi")
UNKNOWN = ["", "0123456789abcdef", "../secret", "/etc/passwd", "a" * 500, "a\0b"]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    (tmp_path / "library").mkdir()
    return Library(tmp_path / "library")


def files(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "library").iterdir())


def test_an_asset_is_its_sound_and_what_is_known_of_it(library: Library, tmp_path: Path) -> None:
    before = time.time()
    asset = library.ingest(BULLETIN, title="Tiêm chủng", longest_s=60)
    pcm = b"".join(wav.windows(library.path(asset.id), RATE))
    assert asset.id == hashlib.sha256(pcm).hexdigest()[:32]
    assert asset.duration_s == len(pcm) / 2 / RATE
    assert (asset.title, asset.origin, asset.source_name, asset.notes) == (
        "Tiêm chủng",
        "recording",
        "bulletin.mp3",
        "",
    )
    assert before <= asset.created <= time.time()
    assert files(tmp_path) == [f"{asset.id}.json", f"{asset.id}.npy", f"{asset.id}.wav"]


def test_another_process_finds_it_again(library: Library, tmp_path: Path) -> None:
    asset = library.ingest(BULLETIN, title="Bản tin", longest_s=60)
    assert Library(tmp_path / "library").get(asset.id) == asset


def test_the_same_sound_is_one_asset(library: Library, tmp_path: Path) -> None:
    first = library.ingest(BULLETIN, title="sáng", longest_s=60)
    shutil.copy(BULLETIN, tmp_path / "copy.mp3")
    assert library.ingest(tmp_path / "copy.mp3", title="chiều", longest_s=60) == first
    assert len(files(tmp_path)) == 3


def test_what_was_spoken_says_which_voice_spoke(library: Library) -> None:
    said = library.speak("Kính thưa bà con", title="Chào", voice=VI, longest_s=60)
    asset = said.asset
    assert (asset.origin, asset.notes, said.notice) == ("speech", "espeak-ng vi", None)
    assert wav.samples(library.path(asset.id)) == round(asset.duration_s * RATE)


def test_what_cannot_be_spoken_leaves_nothing(library: Library, tmp_path: Path) -> None:
    for text, longest_s in (("", 60.0), ("Kính thưa bà con", 0.2), ("a" * 100_000, 60.0)):
        with pytest.raises(SoundError):
            library.speak(text, title="x", voice=VI, longest_s=longest_s)
    assert files(tmp_path) == []


@pytest.mark.parametrize("asset_id", UNKNOWN)
def test_an_unknown_asset_is_said(asset_id: str, library: Library, tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text("{}")
    (tmp_path / "secret.wav").write_bytes(b"")
    for ask in (library.get, library.path):
        with pytest.raises(SoundError, match="no such sound"):
            ask(asset_id)


def test_what_is_discarded_is_gone_and_nothing_else(library: Library, tmp_path: Path) -> None:
    kept = library.ingest(BULLETIN, title="kept", longest_s=60)
    gone = library.ingest(encoded(tmp_path / "tone.wav"), title="gone", longest_s=60)
    library.discard(gone.id)
    library.discard(gone.id)
    library.discard(f"../library/{kept.id}")
    assert files(tmp_path) == [f"{kept.id}.json", f"{kept.id}.npy", f"{kept.id}.wav"]


@pytest.mark.parametrize("suffix", ["wav", "json"])
def test_an_asset_that_lost_half_of_itself_is_made_whole_again(suffix: str, library: Library, tmp_path: Path) -> None:
    asset = library.ingest(BULLETIN, title="x", longest_s=60)
    (tmp_path / "library" / f"{asset.id}.{suffix}").unlink()
    assert library.ingest(BULLETIN, title="x", longest_s=60).id == asset.id
    assert wav.samples(library.path(asset.id)) == round(asset.duration_s * RATE)


def test_drafts_of_the_dead_are_swept_and_those_of_the_living_stay(library: Library, tmp_path: Path) -> None:
    for name, age in ((".dead.part", 3 * 86400), (".dead.json", 3 * 86400), (".alive.part", 60)):
        path = tmp_path / "library" / name
        path.write_bytes(b"half")
        os.utime(path, (time.time() - age, time.time() - age))
    asset = library.ingest(BULLETIN, title="x", longest_s=60)
    assert files(tmp_path) == [".alive.part", f"{asset.id}.json", f"{asset.id}.npy", f"{asset.id}.wav"]


def test_a_library_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SoundError, match=r"cannot be kept \(No such file or directory\)"):
        Library(tmp_path / "missing").ingest(BULLETIN, title="x", longest_s=60)


def test_what_a_voice_has_said_is_not_said_again(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    first = library.speak("Kính thưa bà con", title="Chào", voice=VI, longest_s=60).asset
    with monkeypatch.context() as patched:
        patched.setattr(sys, "executable", "/nowhere/python")
        assert library.speak("Kính thưa bà con", title="Khác", voice=VI, longest_s=60).asset == first
    faster = library.speak("Kính thưa bà con", title="x", voice=VI, longest_s=60, speed=1.5).asset
    english = library.speak("Kính thưa bà con", title="x", voice=Voice("en", "en"), longest_s=60).asset
    assert len({first.id, faster.id, english.id}) == 3


def test_a_voice_that_stood_in_is_told_each_time(library: Library, tmp_path: Path) -> None:
    gone = Voice("vi_VN-vais1000-medium", "vi", tmp_path / "vi_VN-vais1000-medium.onnx")
    for _ in range(2):
        said = library.speak("Kính thưa bà con", title="Chào", voice=gone, longest_s=60)
        assert said.asset.notes == "espeak-ng vi"
        assert "vi_VN-vais1000-medium.onnx is missing" in str(said.notice)
