from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from broadcaster.config.hardware import WaveshareSettings
from broadcaster.devices.dialects import dialect
from broadcaster.devices.lane import PortOwner
from broadcaster.devices.port import SerialPort
from broadcaster.devices.relay_board import SerialRelayBoard
from broadcaster.simulation.diary import Transcript
from broadcaster.simulation.jacks import PtyJack
from broadcaster.simulation.relay_board import RelayBoard
from broadcaster.simulation.serial_line import SerialLine


@dataclass
class Bench:
    """A simulated relay board on a real pseudo-terminal, and our driver at the other end."""

    model: RelayBoard
    line: SerialLine
    owner: PortOwner
    board: SerialRelayBoard
    urgent: SerialRelayBoard
    link: Path
    wire: Path


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    link, wire = tmp_path / "board", tmp_path / "wire.log"
    model, transcript = RelayBoard(lambda *_: None), Transcript(wire)
    line = SerialLine(model, PtyJack(link), transcript)
    owner = PortOwner(SerialPort(str(link), 9600))
    words = dialect(WaveshareSettings())
    board, urgent = SerialRelayBoard(owner, words), SerialRelayBoard(owner, words, urgent=True)
    yield Bench(model, line, owner, board, urgent, link, wire)
    owner.close()
    line.close()
    transcript.close()
