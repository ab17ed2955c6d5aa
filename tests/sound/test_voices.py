from __future__ import annotations

import os
from pathlib import Path

import pytest

from broadcaster.sound.voices import Voice, choose, dropped
from tests.sound.voice_files import copied


def test_a_language_means_the_first_whole_voice_that_was_dropped(tmp_path: Path) -> None:
    assert choose("en", tmp_path / "not there") == choose("en", tmp_path) == Voice("en", "en")
    (tmp_path / "en_US-alone-low.onnx").write_bytes(b"no json beside it")
    (tmp_path / "notes.onnx").write_bytes(b"")
    model = copied(tmp_path)
    assert choose("en", tmp_path) == Voice("en_US-joe-medium", "en", model)
    assert choose("vi", tmp_path) == Voice("vi", "vi")
    assert choose("vi-vn-x-south", tmp_path) == Voice("vi-vn-x-south", "vi-vn-x-south")
    assert [voice.name for voice in dropped(tmp_path)] == ["en_US-alone-low", "en_US-joe-medium"]


def test_a_voice_came_when_the_last_of_its_files_did(tmp_path: Path) -> None:
    model = copied(tmp_path)
    os.utime(f"{model}.json", (4e9, 4e9))
    assert choose("en_US-joe-medium", tmp_path).since == 4e9
    model.unlink()
    assert choose("en_US-joe-medium", tmp_path).since == choose("vi", tmp_path).since == 0


@pytest.mark.parametrize("name", ["vi_VN-../../etc/passwd", "../vi_VN-a-low", "vi_VN-a\0", "--help", "vi_VN-a.b"])
def test_no_name_leads_out_of_the_folder(name: str, tmp_path: Path) -> None:
    assert choose(name, tmp_path).model is None
