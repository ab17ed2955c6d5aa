from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from broadcaster.config.loading import load
from broadcaster.config.settings import RecordingsSettings
from broadcaster.daemon.archive import Archive
from broadcaster.daemon.board import Board
from broadcaster.daemon.bus import Bus
from broadcaster.daemon.disk import MB, Room
from broadcaster.daemon.journal import Journal
from broadcaster.home import Home
from broadcaster.model.broadcast import Broadcast, State
from broadcaster.model.keeping import Why
from broadcaster.model.priority import Priority
from broadcaster.playout.events import BroadcastMoved
from broadcaster.sound.flac import samples_of
from broadcaster.storage import recordings
from broadcaster.storage.ground import Ground
from tests.clock import HandClock
from tests.sound.sounds import noise, write

DAY = 86400.0
RULES = RecordingsSettings(keep_days=90, wav_hours=24, free_mb=50, reserve_mb=2)
SETTINGS = load(Path(__file__).parents[2] / "config" / "clusters.toml").model_copy(update={"recordings": RULES})


def _ground() -> Ground:
    raise AssertionError


@dataclass
class Shelf:
    """Recordings on a disk of 1000 MB, where ``others`` bytes belong to somebody else."""

    path: Path
    clock: HandClock = field(default_factory=HandClock)
    others: int = 0
    trusted: bool = True
    listened_to: dict[Path, int] = field(default_factory=dict)
    """Files that somebody has open, and their sizes."""

    def __post_init__(self) -> None:
        self.home = Home(self.path).make()
        self.board = Board(SETTINGS)
        self.archive = Archive(
            SETTINGS,
            self.home,
            bus=Bus(self.board, Journal(self.home.database, self.clock, _ground), self.clock),
            on_air=lambda: self.board.current,
            trusted=lambda: self.trusted,
            clock=self.clock,
            measure=self.measure,
        )

    def measure(self) -> Room:
        used = sum(path.stat().st_size for path in self.path.rglob("*") if path.is_file())
        used += sum(size for path, size in self.listened_to.items() if not path.exists())
        return Room(1000 * MB, 1000 * MB - self.others - used)

    def add(self, name: str, days_old: float, size: int = 40 * MB, form: str = "flac") -> None:
        path = self.home.air / f"{name}.{form}"
        path.touch()
        os.truncate(path, size)
        at = self.clock.now() - days_old * DAY
        os.utime(path, (at, at))

    def add_mix(self, letter: str, hours_old: float, size: int = 40 * MB) -> Path:
        path = self.home.library / f".{letter * 32}.mix"
        path.touch()
        os.truncate(path, size)
        at = self.clock.now() - hours_old * 3600
        os.utime(path, (at, at))
        return path

    def names(self) -> list[str]:
        return sorted(path.name for path in self.home.air.iterdir() if path.is_file())

    def faults(self) -> set[str]:
        return {one["kind"] for one in self.board.status([])["faults"]}

    def on_air(self, name: str, priority: Priority = Priority.ROUTINE) -> None:
        one = Broadcast(name, name, frozenset([1]), priority)
        self.board.apply(BroadcastMoved(one, State.ON_AIR, self.clock.now()))

    @property
    def reserve(self) -> int:
        path = self.path / "reserve"
        return path.stat().st_size if path.exists() else 0


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_after_ninety_days_a_recording_goes_and_its_note_stays(shelf: Shelf) -> None:
    shelf.add("old", 90.01)
    shelf.add("young", 89.99)
    shelf.archive.look()
    assert shelf.names() == ["young.flac"]
    gone = recordings.removed(shelf.home.air, "old")
    assert gone is not None
    assert gone.why is Why.AGE
    assert not shelf.faults()


@pytest.mark.parametrize("leap_s", [400 * DAY, -400 * DAY])
def test_a_clock_that_leaps_deletes_nothing_for_an_hour(shelf: Shelf, leap_s: float) -> None:
    shelf.add("one", 200)
    shelf.clock.time += leap_s
    shelf.archive.look()
    assert shelf.names() == ["one.flac"]
    shelf.clock.time -= leap_s
    shelf.archive.look()
    shelf.clock.pass_(3500)
    shelf.archive.look()
    assert shelf.names() == ["one.flac"]
    shelf.clock.pass_(101)
    shelf.archive.look()
    assert shelf.names() == []


def test_a_clock_that_nobody_trusts_makes_nothing_too_old(shelf: Shelf) -> None:
    shelf.trusted = False
    shelf.add("one", 200)
    shelf.archive.look()
    assert shelf.names() == ["one.flac"]


def test_when_the_disk_fills_the_oldest_go_until_there_is_room_and_it_is_told(shelf: Shelf) -> None:
    for days in (4, 3, 2, 1):
        shelf.add(f"day-{days}", days)
    shelf.others = 850 * MB  # 10 MB over, with a floor of 50
    shelf.archive.look()
    assert shelf.names() == ["day-1.flac", "day-2.flac"]
    assert shelf.faults() == {"recordings", "disk filling"}
    assert recordings.removed(shelf.home.air, "day-4") is not None
    assert shelf.measure().free >= 50 * MB


@pytest.mark.parametrize(
    ("others", "told"),
    [(700, set()), (810, {"disk filling"}), (960, {"disk full", "reserve"}), (949, {"disk filling", "reserve"})],
)
def test_how_full_the_disk_is(shelf: Shelf, others: int, told: set[str]) -> None:
    shelf.others = others * MB
    shelf.archive.look()
    assert shelf.faults() == told
    shelf.others = 0
    shelf.archive.look()
    assert shelf.faults() == set()


def test_mixes_that_can_be_made_again_go_before_any_recording(shelf: Shelf) -> None:
    shelf.add("old", 4)
    shelf.add("young", 3)
    older, newer = shelf.add_mix("a", 2), shelf.add_mix("b", 1)
    shelf.others = 810 * MB  # 20 MB over, with a floor of 50
    shelf.archive.look()
    assert (older.exists(), newer.exists(), shelf.names()) == (False, True, ["old.flac", "young.flac"])
    assert shelf.faults() == {"disk filling"}
    assert shelf.archive.make_room()
    assert (newer.exists(), shelf.names()) == (False, ["old.flac", "young.flac"])
    assert shelf.archive.make_room()
    assert shelf.names() == ["young.flac"]


def test_a_mix_that_is_listened_to_frees_nothing_so_what_is_on_air_gets_its_room_elsewhere(shelf: Shelf) -> None:
    shelf.add("old", 4)
    shelf.add("young", 3)
    mix = shelf.add_mix("a", 1)
    shelf.listened_to[mix] = 40 * MB
    shelf.others = 880 * MB
    assert shelf.archive.make_room()
    assert (mix.exists(), shelf.names()) == (False, ["young.flac"])


def test_what_was_left_in_the_library_goes_after_a_day_though_nobody_asks_for_anything(shelf: Shelf) -> None:
    left = [
        shelf.home.library / f".{name}" for name in ("dead.part", "dead.mix", f"{'a' * 32}.mix", f"{'a' * 32}.seal")
    ]
    for path in left:
        path.touch()
        os.utime(path, (1, 1))
    shelf.trusted = False
    shelf.archive.look()
    assert all(path.exists() for path in left)
    shelf.trusted = True
    shelf.archive.look()
    assert not any(path.exists() for path in left)


def test_what_is_on_air_is_never_touched(shelf: Shelf) -> None:
    shelf.add("on-air", 0, form="wav")
    shelf.add("fresh", 0, form="wav")
    shelf.clock.pass_(30)
    shelf.on_air("on-air")
    shelf.others = 990 * MB
    assert not shelf.archive.make_room()
    shelf.clock.pass_(3600)
    assert shelf.archive.make_room()
    assert shelf.names() == ["on-air.wav"]


def test_the_space_that_is_kept_is_for_an_emergency_alone(shelf: Shelf) -> None:
    shelf.archive.look()
    assert shelf.reserve == 2 * MB
    shelf.others = 998 * MB
    shelf.on_air("bulletin")
    shelf.archive.look()
    assert not shelf.archive.make_room()
    assert shelf.reserve == 2 * MB
    shelf.on_air("emergency", Priority.EMERGENCY)
    assert shelf.archive.make_room()
    assert shelf.reserve == 0
    shelf.board.apply(BroadcastMoved(Broadcast("emergency", "", frozenset()), State.COMPLETED, 0))
    shelf.archive.look()
    assert "reserve" in shelf.faults()
    shelf.others = 0
    shelf.archive.look()
    assert (shelf.reserve, shelf.faults()) == (2 * MB, set())


def test_an_emergency_finds_room_for_its_log_at_once(shelf: Shelf) -> None:
    shelf.archive.look()
    shelf.others = 990 * MB
    shelf.on_air("emergency", Priority.EMERGENCY)
    shelf.archive.look()
    assert shelf.reserve == 2 * MB  # 8 MB are enough for the log book
    shelf.others = 995 * MB
    shelf.archive.look()
    assert shelf.reserve == 0


OLD, FRESH = "20270114-100000-abcdef", "20270115-100000-abcdef"


def test_what_is_a_day_old_is_compressed_while_nothing_is_on_air(shelf: Shelf) -> None:
    sound = noise(48_000)
    for name, hours in ((OLD, 24), (FRESH, 23.9), (f"{OLD}.heard", 24)):
        path = write(shelf.home.air / f"{name}.wav", sound)
        at = shelf.clock.now() - hours * 3600
        os.utime(path, (at, at))
    shelf.on_air("bulletin")
    shelf.archive.look()
    assert shelf.names() == [f"{OLD}.heard.wav", f"{OLD}.wav", f"{FRESH}.wav"]
    shelf.board.apply(BroadcastMoved(Broadcast("bulletin", "", frozenset()), State.COMPLETED, 0))
    shelf.archive.look()
    assert shelf.names() == [f"{OLD}.flac", f"{OLD}.heard.wav", f"{FRESH}.wav"]
    compressed = shelf.home.air / f"{OLD}.flac"
    assert b"".join(samples_of(compressed)) == sound
    assert compressed.stat().st_mtime == shelf.clock.now() - DAY


def test_what_cannot_be_compressed_stays_as_it_is(shelf: Shelf) -> None:
    shelf.add("broken", 2, size=1000, form="wav")
    shelf.archive.look()
    shelf.archive.look()
    assert shelf.names() == ["broken.wav"]
