"""Which relay is meant, and whether it still is what was asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from broadcaster.clock import SystemClock
from broadcaster.config.loading import settings_of
from broadcaster.config.relays import bound
from broadcaster.config.settings import AUDIO
from broadcaster.daemon.relays import Relays
from broadcaster.errors import RefusedError, UsageError
from broadcaster.model.broadcast import Broadcast
from broadcaster.model.relay import Relay
from broadcaster.sound.library import Library
from broadcaster.words import Sentence
from tests.sound.sounds import tone, write
from tests.sound.test_decode import children
from tests.streams import await_true

ADDRESS = "http://127.0.0.1:9/vov1"


@dataclass
class Told:
    """The faults that stand, by kind."""

    standing: dict[str, str] = field(default_factory=dict)

    def fault(self, kind: str, sentence: Sentence, *, momentary: bool = False) -> None:
        self.standing[kind] = str(sentence) + (" (over)" if momentary else "")

    def well(self, kind: str) -> None:
        self.standing.pop(kind, None)

    def past(self, kind: str) -> None:
        self.standing.pop(kind, None)


def relays(folder: Path, told: Any = None, **changed: object) -> tuple[Relays, str]:
    """Return the relays of a station with one, and that one for ten minutes."""
    relay = {"name": "vov1", "title": "VOV1", "addresses": [ADDRESS], **changed}
    parts = {"cluster": [{"number": 1, "name": "Một", "code": "01"}], "relay": [relay]}
    settings = settings_of({"station": {"name": "Đài"}, **parts})
    made = Relays(settings, Library(folder), told or Told(), SystemClock())
    return made, bound(Relay("vov1", 10), settings.relay, AUDIO).sound


def test_it_lasts_its_minutes_and_the_chimes(tmp_path: Path) -> None:
    here, sound = relays(tmp_path)
    assert 600 < (here.seconds(sound) or 0) < 615
    assert here.seconds("0" * 32) is None


@pytest.mark.parametrize(
    "changed", [{"addresses": ["http://127.0.0.1:9/other"]}, {"addresses": [ADDRESS] * 2}, {"fallback": "siren.wav"}]
)
def test_one_that_comes_from_elsewhere_by_now_does_not_sound(changed: dict[str, object], tmp_path: Path) -> None:
    approved = relays(tmp_path)[1]
    here, sound = relays(tmp_path, **changed)
    assert here.seconds(sound)
    with pytest.raises(RefusedError, match="comes from elsewhere now"):
        here.source(Broadcast("one", "one", frozenset({1}), sound=approved))


def test_a_changed_byte_of_its_file_in_reserve_is_another_relay(tmp_path: Path) -> None:
    path = write(tmp_path / "reserve.wav", tone(4800))
    approved = relays(tmp_path, fallback=str(path))[1]
    write(path, tone(4800, peak=7999))
    assert relays(tmp_path, fallback=str(path))[1] != approved


def test_a_file_in_reserve_that_was_altered_in_the_library_is_taken_in_anew(tmp_path: Path) -> None:
    path = write(tmp_path / "reserve.wav", tone(9600))
    here, sound = relays(tmp_path, fallback=str(path), input="null", addresses=[])
    one = Broadcast("one", "one", frozenset({1}), sound=sound)
    here.source(one)
    (kept,) = [path for path in tmp_path.glob("*.wav") if path.name != "reserve.wav"]
    before = kept.read_bytes()
    kept.write_bytes(before[:-100] + bytes(100))
    here.source(one)
    here.close()
    assert kept.read_bytes() == before
    await_true(lambda: not children(), "a source is not let go of")


@pytest.mark.parametrize(("fallback", "kind", "over"), [("siren.wav", 0, False), ("", 2, True)])
def test_a_lost_source_is_a_fault_until_the_relay_is_over_and_closing_down_wants_a_person(
    fallback: str, kind: int, over: bool, tmp_path: Path
) -> None:
    told = Told()
    here, sound = relays(tmp_path, told, fallback=fallback)
    source = here.source(Broadcast("one", "one", frozenset({1}), sound=sound))
    assert source is not None
    blocks = iter(source)
    while not told.standing:
        next(blocks)
    assert [(kind, said.endswith("(over)")) for kind, said in told.standing.items()] == [(f"relay vov1 {kind}", over)]
    here.forget("one")
    assert bool(told.standing) == over


def test_one_that_nobody_looked_up_does_not_sound(tmp_path: Path) -> None:
    with pytest.raises(RefusedError):
        relays(tmp_path)[0].seconds("relay:vov1:10")


def test_one_that_is_gone_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no relay vov2"):
        relays(tmp_path)[0].seconds("relay:vov2:10")
