from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from broadcaster.clock import SystemClock
from broadcaster.daemon.dispatcher import Dispatcher
from broadcaster.model.broadcast import Broadcast
from broadcaster.playout.orders import Orders
from broadcaster.playout.programme import Source
from tests.sound.sounds import tone, write

LEFT = ("20261128-090000-abcdef.mix.wav", "20261128-090000-abcdef.mix.wav.copy", "20261128-090000-abcdef.mix.wav.part")
OTHERS = ("daemon.pid", "control.sock", "clusters-open")


@dataclass
class Feeds:
    """Sources of relays: none, and who was let go of."""

    forgotten: list[str] = field(default_factory=list)

    def source(self, _: Broadcast) -> Source | None:
        return None

    def forget(self, broadcast_id: str) -> None:
        self.forgotten.append(broadcast_id)


class Bench:
    """A dispatcher; what it gets ready and is called "slow" holds its thread up as a dying disk does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.feeds = Feeds()
        self.held_up, self.goes_on = threading.Event(), threading.Event()
        self.dispatcher = Dispatcher(
            claim=self._claim,
            render=_render,
            relay=self.feeds,
            folder=folder,
            orders=Orders(),
            emit=lambda _: None,
            clock=SystemClock(),
        )

    def hand(self, name: str) -> None:
        self.dispatcher.hand(Broadcast(name, name, frozenset([1])))

    def hold_up(self) -> None:
        """Return when all before is done, and nothing after it will be."""
        self.hand("slow")
        assert self.held_up.wait(10)

    def close(self) -> None:
        self.goes_on.set()
        self.dispatcher.close()

    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())

    def _claim(self, broadcast: Broadcast) -> bool:
        if broadcast.id == "slow":
            self.held_up.set()
            self.goes_on.wait(10)
            return False
        return True


def _render(_: Broadcast, path: Path, cancelled: threading.Event) -> float:
    assert not cancelled.is_set()
    write(path, tone(480))
    return 0.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (*LEFT, *OTHERS):
        (tmp_path / name).touch()
    return tmp_path


@pytest.fixture
def bench(folder: Path) -> Iterator[Bench]:
    made = Bench(folder)
    yield made
    made.close()


def test_who_tells_that_a_broadcast_has_ended_does_not_wait_for_the_disk(bench: Bench) -> None:
    bench.hand("one")
    bench.hold_up()
    bench.dispatcher.forget("one")
    assert "one.mix.wav" in bench.files()
    assert bench.feeds.forgotten == ["one"]
    bench.close()
    assert bench.files() == sorted(OTHERS)


def test_what_a_killed_process_left_is_removed_and_what_waits_to_sound_stays(bench: Bench) -> None:
    bench.hand("one")
    bench.hand("two")
    bench.dispatcher.forget("two")
    bench.hold_up()
    assert bench.files() == sorted([*OTHERS, "one.mix.wav"])
