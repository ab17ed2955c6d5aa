from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from broadcaster.clock import SystemClock
from broadcaster.config.loading import load
from broadcaster.daemon.board import Board
from broadcaster.daemon.dispatcher import Dispatcher
from broadcaster.daemon.interruptions import Interruptions
from broadcaster.errors import RefusedError
from broadcaster.model.broadcast import Broadcast, State
from broadcaster.model.priority import Priority
from broadcaster.playout.events import BroadcastMoved, Event
from broadcaster.playout.orders import Orders
from broadcaster.playout.programme import Item, Repeat
from broadcaster.sound.signals import soft_tone
from broadcaster.sound.source import MemorySource
from broadcaster.words import Sentence

SETTINGS = load(Path(__file__).parents[2] / "config" / "clusters.toml")
MINE = [1, 2]
WHY = Sentence("because")


def item(name: str, clusters: set[int], priority: Priority = Priority.ROUTINE) -> Item:
    repeat = Repeat(1, 60) if priority is Priority.EMERGENCY else None
    return Item(Broadcast(name, name, frozenset(clusters), priority), MemorySource(soft_tone()), repeat)


def _never(*_: object) -> NoReturn:
    raise AssertionError


@dataclass
class Desk:
    interruptions: Interruptions
    orders: Orders
    dispatcher: Dispatcher
    emitted: list[Event]

    def ends(self) -> list[tuple[str, State, str]]:
        return [
            (one.broadcast.id, one.state, str(one.reason)) for one in self.emitted if isinstance(one, BroadcastMoved)
        ]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """What is handed to the dispatcher is in preparation until the test is over."""
    over, orders, emitted = threading.Event(), Orders(), list[Event]()

    def claim(_: Broadcast) -> bool:
        over.wait(10)
        return False

    dispatcher = Dispatcher(
        claim=claim,
        render=_never,
        folder=tmp_path,
        orders=orders,
        emit=emitted.append,
        clock=SystemClock(),
    )
    made = Interruptions(
        SETTINGS,
        board=Board(SETTINGS),
        orders=orders,
        dispatcher=dispatcher,
        emit=emitted.append,
        clock=SystemClock(),
    )
    yield Desk(made, orders, dispatcher, emitted)
    over.set()
    dispatcher.close()


@pytest.mark.parametrize(
    ("sounding", "may_stop"),
    [
        (item("mine", {1}), True),
        (item("ours", {2, 3}), False),
        (item("yours", {3}), False),
        (item("emergency", {1, 2, 3}, Priority.EMERGENCY), True),
    ],
)
def test_who_has_some_clusters_stops_only_what_sounds_in_them_alone(sounding: Item, may_stop: bool, desk: Desk) -> None:
    desk.orders.submit(sounding)
    desk.orders.take(0)
    if may_stop:
        assert desk.interruptions.stop({"within": MINE})["id"] == sounding.broadcast.id
    else:
        with pytest.raises(RefusedError, match="not yours"):
            desk.interruptions.stop({"within": MINE})
    assert desk.orders.stops == may_stop
    assert desk.interruptions.stop({"within": None})  # who has all of them


def test_what_waits_for_others_goes_on_waiting(desk: Desk) -> None:
    yours, mine = item("yours", {3}), item("mine", {1})
    desk.orders.submit(yours)
    with pytest.raises(RefusedError, match="not yours"):
        desk.interruptions.stop({"within": MINE})
    desk.orders.submit(mine)
    assert desk.interruptions.stop({"within": MINE, "by": "Minh"})["id"] == "mine"
    assert desk.orders.waiting() == [yours]
    assert desk.ends() == [("mine", State.ABORTED, "Stopped by Minh.")]


def test_what_is_being_made_ready_for_others_goes_on(desk: Desk) -> None:
    desk.dispatcher.hand(item("yours", {3}).broadcast)
    with pytest.raises(RefusedError):
        desk.interruptions.stop({"within": MINE})
    desk.dispatcher.hand(item("mine", {2}).broadcast)
    assert desk.interruptions.stop({"within": MINE})["id"] == "mine"
    assert desk.interruptions.stop({})["id"] == "yours"


def test_everything_leaves_nothing(desk: Desk) -> None:
    desk.orders.submit(item("one", {1}))
    desk.orders.take(0)
    desk.orders.submit(item("two", {2}))
    desk.dispatcher.hand(item("three", {3}).broadcast)
    desk.interruptions.everything(WHY)
    assert desk.orders.stops == 1
    assert not desk.orders.waiting()
    assert not desk.dispatcher.stop(WHY, lambda _: True)  # it is stopped already


def test_there_is_nothing_to_stop(desk: Desk) -> None:
    for ask in (desk.interruptions.stop, desk.interruptions.emergency_stop):
        with pytest.raises(RefusedError):
            ask({})
