from __future__ import annotations

from datetime import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.config import own
from broadcaster.config.loading import load
from tests.config.test_loading import EXAMPLE

SET = {"name": 'Đài xã "Thử"', "quiet_from": "20:30", "technician_phone": "0912 345 678"}


def test_what_was_set_is_laid_over_the_file(tmp_path: Path) -> None:
    own.write(tmp_path / "station.toml", SET)
    settings = load(EXAMPLE, tmp_path / "station.toml")
    assert settings.station.name == 'Đài xã "Thử"'
    assert (settings.rules.quiet_from, settings.rules.quiet_until) == (time(20, 30), time(5))
    assert settings.station.office == load(EXAMPLE).station.office


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"[station\n", b"station = 3", b"[station]\nname = 3\n", b'[station]\ntimezone = "Nowhere"\n'],
)
def test_a_spoilt_one_holds_nothing_and_stops_nothing(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "station.toml"
    path.write_bytes(content)
    assert load(EXAMPLE, path) == load(EXAMPLE)


def test_there_need_not_be_one(tmp_path: Path) -> None:
    assert load(EXAMPLE, tmp_path / "station.toml") == load(EXAMPLE)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x7f")))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "station.toml"
        own.write(path, {"office": text})
        assert own.read(path) == {"office": text}
