from __future__ import annotations

from pathlib import Path

import pytest

from broadcaster.config.settings import AUDIO
from broadcaster.sound import wav
from broadcaster.sound.make_assets import ASSETS, make


@pytest.mark.parametrize("name", ASSETS)
def test_an_asset_can_be_made_again_byte_for_byte(name: str, tmp_path: Path) -> None:
    make(tmp_path)
    assert (tmp_path / name).read_bytes() == (AUDIO / name).read_bytes()


def test_every_sound_that_lies_with_the_project_is_canonical() -> None:
    found = sorted(AUDIO.glob("*.wav"))
    assert {path.name for path in found} >= set(ASSETS)
    assert all(wav.samples(path) > 0 for path in found)
