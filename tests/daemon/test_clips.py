from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from broadcaster.config.settings import RecordingsSettings
from broadcaster.daemon.board import Board
from broadcaster.daemon.bus import Bus
from broadcaster.daemon.clips import Clips
from broadcaster.daemon.disk import MB, Disk, Room
from broadcaster.daemon.journal import Journal
from broadcaster.home import Home
from tests.clock import HandClock
from tests.daemon.listener import SETTINGS
from tests.people import ground_at


@pytest.mark.parametrize(("most", "kept"), [(0, []), (2, ["c.heard.wav", "d.heard.wav"])])
def test_the_oldest_go(most: int, kept: list[str], tmp_path: Path) -> None:
    for name in "abcd":
        Clips(tmp_path, most).heard(name, b"\1\0" * 10)
    assert sorted(path.name for path in tmp_path.iterdir()) == kept


def test_a_stranger_is_named_by_the_time_and_the_oldest_go(tmp_path: Path) -> None:
    for minute in range(53):
        Clips(tmp_path, 0).foreign(1_800_014_400 + 60 * minute, b"\1\0")
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == 50
    assert names[0] == "foreign-20270115-120300.wav"


def test_what_could_not_be_written_whole_leaves_nothing(tmp_path: Path) -> None:
    clips = Clips(tmp_path, 2)
    (tmp_path / "a.heard.wav.new").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        clips.heard("a", b"\1\0" * 48_000)
    assert not list(tmp_path.iterdir())


def test_what_was_being_written_when_the_controller_died_goes_at_the_start(tmp_path: Path) -> None:
    for name in ("a.heard.wav", "b.heard.wav.new", "foreign-1.wav.new", "c.wav"):
        (tmp_path / name).touch()
    Clips(tmp_path, 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.heard.wav", "c.wav"]


@pytest.mark.parametrize(("free_mb", "kept"), [(24, []), (49, ["a.heard.wav"])])
def test_a_disk_that_is_nearly_full_gets_no_clips(free_mb: int, kept: list[str], tmp_path: Path) -> None:
    """Where recordings fill the disk down to its floor, 50 MB here, clips are kept all the same."""
    clock = HandClock()
    bus = Bus(Board(SETTINGS), Journal(tmp_path / "log", clock, lambda: ground_at(0.0)), clock)
    rules = RecordingsSettings(free_mb=50)
    disk = Disk(rules, Home(tmp_path / "home").make(), bus, lambda: Room(1000 * MB, free_mb * MB))
    clips = Clips(tmp_path, 2, lambda: disk.scarce)
    with pytest.raises(OSError, match="No space left") if not kept else nullcontext():
        clips.heard("a", b"\1\0")
    assert [path.name for path in tmp_path.glob("*.wav*")] == kept
