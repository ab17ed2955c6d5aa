from __future__ import annotations

from pathlib import Path

import pytest

from broadcaster.storage import faults
from broadcaster.words import Sentence
from tests.web.conftest import Person
from web.station import Station

AUDIO = Path(__file__).parents[2] / "audio"
AT = 1_800_014_400.0
NAME = "foreign-20270115-120000.wav"


@pytest.mark.parametrize(("kind", "has_clip"), [("foreign programme", True), ("unkey", False)])
def test_a_strange_programme_can_be_heard(kind: str, has_clip: bool, lan: Person, station: Station) -> None:
    faults.raise_(station.log_book, kind, Sentence("Somebody sounds"), AT, latched=False, over=False)
    assert "<audio" not in lan.client.get("/faults").text
    (station.home.air / NAME).write_bytes((AUDIO / "chime-open.wav").read_bytes())
    assert ('src="/faults/20270115-120000.wav"' in lan.client.get("/faults").text) is has_clip
    assert lan.client.get("/faults/20270115-120000.wav", buffered=True).status_code == 200


@pytest.mark.parametrize("stamp", ["20270115-120001", "x", "..%2F..%2Fsecret"])
def test_only_clips_are_played(stamp: str, lan: Person) -> None:
    assert lan.client.get(f"/faults/{stamp}.wav").status_code == 404
