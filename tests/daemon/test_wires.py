from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from broadcaster.config.loading import settings_of
from broadcaster.daemon.board import Board
from broadcaster.daemon.bus import Bus
from broadcaster.daemon.journal import Journal
from broadcaster.daemon.wires import Wires
from tests.clock import HandClock
from tests.people import ground_at

SETTINGS = settings_of(
    {
        "station": {"name": "Đài thử"},
        "relay_board": {"kind": "waveshare", "inputs": 8},
        "inputs": {"rf_present": 1, "mains": 2, "transmitter_fault": 3, "emergency_button": 4},
        "cluster": [{"number": 2, "name": "Thôn Hai", "code": "02"}],
        "reading": [
            {"name": "heat", "title": "Nhiệt độ", "unit": "°C", "register_number": 1, "highest": 70, "address": 2}
        ],
    }
)


class Room:
    """The wires, with a real board behind them; ``keyed`` is what the transmitter was told."""

    def __init__(self, folder: Path) -> None:
        self.clock = HandClock()
        self.board = Board(SETTINGS)
        self.keyed: bool | None = False
        self.pressed: list[str] = []
        bus = Bus(self.board, Journal(folder / "log", self.clock, lambda: ground_at(0.0)), self.clock)
        self.wires = Wires(SETTINGS, bus, self.clock, keyed=lambda: self.keyed, press=self.pressed.append)

    @property
    def faults(self) -> dict[str, Any]:
        return {fault["kind"]: fault for fault in self.board.status([])["faults"]}

    def wait(self, seconds: float) -> None:
        for _ in range(int(seconds * 2)):
            self.wires.look()
            self.clock.pass_(0.5)
        self.wires.look()


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def test_a_transmitter_that_does_not_radiate_is_told_after_two_seconds(room: Room) -> None:
    room.wires.contact("rf_present", False, True)
    room.keyed = True
    room.wait(1.5)
    assert not room.faults
    room.wait(1)
    assert "no carrier" in room.faults
    room.wires.contact("rf_present", True, False)
    room.wait(0.5)
    assert not room.faults


def test_one_that_still_radiates_latches_until_it_is_over_and_somebody_has_seen_it(room: Room) -> None:
    room.wires.contact("rf_present", True, True)
    room.wait(3)
    assert room.faults["stuck carrier"]["latched"]
    assert room.board.latched() is not None
    assert room.board.acknowledge() == []
    room.wires.contact("rf_present", False, False)
    room.wait(0.5)
    room.board.acknowledge()
    assert room.board.latched() is None


def test_one_that_nobody_knows_the_key_of_is_not_accused(room: Room) -> None:
    room.wires.contact("rf_present", True, True)
    room.keyed = None
    room.wait(5)
    assert not room.faults


def test_the_button_starts_an_emergency_unless_it_was_pressed_all_along(room: Room) -> None:
    room.wires.contact("emergency_button", True, True)
    assert not room.pressed
    assert "button" in room.faults
    room.wires.contact("emergency_button", False, False)
    assert not room.faults
    room.wires.contact("emergency_button", True, False)
    assert room.pressed == [""]


@pytest.mark.parametrize(
    ("name", "bad", "kind"), [("mains", False, "mains"), ("transmitter_fault", True, "transmitter")]
)
def test_what_the_transmitter_says_of_itself(name: str, bad: bool, kind: str, room: Room) -> None:
    room.wires.contact(name, bad, True)
    assert kind in room.faults
    room.wires.contact(name, not bad, False)
    assert not room.faults


def test_a_figure_that_is_too_high(room: Room) -> None:
    room.wires.meter("heat", 71.5)
    assert "71.5" in str(room.faults["reading heat"]["sentence"])
    room.wires.meter("heat", 40)
    assert not room.faults
