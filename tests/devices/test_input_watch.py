from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcaster.config.hardware import InputsSettings, ReadingSettings, WaveshareSettings
from broadcaster.devices.dialects import dialect
from broadcaster.devices.input_watch import Hearer, InputWatch
from broadcaster.devices.lane import PortOwner
from broadcaster.devices.port import SerialPort
from broadcaster.simulation.diary import Transcript
from broadcaster.simulation.jacks import PtyJack
from broadcaster.simulation.relay_board import RelayBoard
from broadcaster.simulation.serial_line import SerialLine
from tests.clock import HandClock

WIRED = InputsSettings(rf_present=1, mains=2, emergency_button=8, normally_closed=("mains",))
FORWARD = ReadingSettings(name="forward", title="Công suất", unit="W", register_number=3, scale=0.1, address=2)


class Bus:
    """A board with inputs on a real line, looked at by hand; ``told`` is what was heard of it."""

    def __init__(self, folder: Path) -> None:
        self.board = RelayBoard(lambda *_: None, inputs=8, meters=[2])
        self.board.readings[3] = 287
        self._transcript = Transcript(folder / "wire.log")
        self.line = SerialLine(self.board, PtyJack(folder / "board"), self._transcript)
        self.port = SerialPort(str(folder / "board"), 9600)
        self._owner = PortOwner(SerialPort("loop://", 9600))
        self.clock = HandClock()
        self.told: list[tuple[object, ...]] = []
        hearer = Hearer(
            contact=lambda *what: self.told.append(what),
            meter=lambda *what: self.told.append(what),
            no_meter=lambda name: self.told.append(("no meter", name)),
            trouble=lambda _: self.told.append(("trouble",)),
            well=lambda: self.told.append(("well",)),
        )
        words = dialect(WaveshareSettings(inputs=8))
        self._watch = InputWatch(self._owner, words, WIRED, (FORWARD,), hearer, self.clock)

    def look(self, after_s: float = 0.03) -> list[tuple[object, ...]]:
        """Look once, so many seconds later; return what was told of it."""
        self.clock.pass_(after_s)
        self.told.clear()
        self._watch.look(self.port)
        return list(self.told)

    def close(self) -> None:
        self.port.close()
        self._owner.close()
        self.line.close()
        self._transcript.close()


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    one = Bus(tmp_path)
    yield one
    one.close()


def test_the_first_look_tells_all_and_says_so(bus: Bus) -> None:
    assert bus.look()[:3] == [
        ("rf_present", False, True),
        ("mains", True, True),  # its contact opens when mains power is there
        ("emergency_button", False, True),
    ]


def test_later_only_what_has_changed(bus: Bus) -> None:
    bus.look()
    assert bus.look() == []
    bus.board.close_input(8, True)
    assert bus.look() == [("emergency_button", True, False)]
    assert bus.look() == []


def test_meters_are_read_now_and_then(bus: Bus) -> None:
    name, value = bus.look()[-1]
    assert (name, value) == ("forward", pytest.approx(28.7))
    assert bus.look() == []
    assert [told[0] for told in bus.look(after_s=5)] == ["forward"]


def test_an_input_of_the_factory_does_not_toggle_a_relay(bus: Bus) -> None:
    """The (D) board comes with input 1 linked to relay 1, which keys the transmitter."""
    assert all(bus.board.linked)
    bus.look()
    bus.board.close_input(1, True)
    assert not any(bus.board.coils)


def test_a_board_that_was_away_is_left_alone_ever_longer_and_is_well_again(bus: Bus) -> None:
    bus.look()
    bus.line.set_faults(["unplugged"])
    assert bus.look() == [("trouble",)]
    assert bus.look(after_s=0.2) == []
    assert bus.look(after_s=0.1) == [("trouble",)]
    assert bus.look(after_s=0.4) == []
    bus.line.set_faults([])
    assert bus.look(after_s=5)[-1] == ("well",)
    assert bus.look() == []


def test_a_meter_that_says_nothing_does_not_blind_the_contacts(tmp_path: Path) -> None:
    one = Bus(tmp_path)
    one.board._meters = frozenset()
    assert one.look()[-1] == ("no meter", "forward")
    one.board.close_input(8, True)
    assert one.look() == [("emergency_button", True, False)]
    one.close()


def test_one_spoilt_answer_costs_no_press(bus: Bus) -> None:
    bus.look()
    bus.board.close_input(8, True)
    bus.line.set_faults(["power-dip"])
    assert bus.look() == [("emergency_button", True, False)]
