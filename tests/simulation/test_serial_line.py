from __future__ import annotations

import os
import re
import select
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import serial
from pymodbus.client import ModbusSerialClient

from broadcaster.devices import modbus
from broadcaster.errors import UsageError
from broadcaster.simulation.diary import Transcript
from broadcaster.simulation.jacks import PtyJack
from broadcaster.simulation.relay_board import RelayBoard
from broadcaster.simulation.serial_line import SerialLine
from tests.judges import needs_mbpoll

ON = bytes.fromhex("01 05 00 00 FF 00 8C 3A")
OFF = bytes.fromhex("01 05 00 00 00 00 CD CA")
READ = bytes.fromhex("01 01 00 00 00 08 3D CC")
READ_OFF = bytes.fromhex("01 01 01 00 51 88")
READ_ON = bytes.fromhex("01 01 01 01 90 48")
FLASH = bytes.fromhex("01 05 02 00 00 01 0D B2")
PATIENCE_S = 10.0
DEAF_S = 0.3


class Bench:
    """A board on a line, and what its contacts did."""

    def __init__(self, folder: Path) -> None:
        self.moved = threading.Event()
        self.board = RelayBoard(lambda _channel, _on: self.moved.set())
        self.link = folder / "relay-board"
        self.wire = folder / "wire.log"
        self._transcript = Transcript(self.wire)
        self.line = SerialLine(self.board, PtyJack(self.link), self._transcript, slow_s=1.0)

    def open(self) -> serial.Serial:
        return serial.Serial(str(self.link), 9600, timeout=PATIENCE_S, exclusive=True)

    def close(self) -> None:
        self.line.close()
        self._transcript.close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with closing(Bench(tmp_path)) as one:
        yield one


def ask(port: serial.Serial, request: bytes, length: int | None = None) -> bytes:
    port.write(request)
    return bytes(port.read(len(request) if length is None else length))


def is_silent(port: serial.Serial) -> bool:
    ready, _, _ = select.select([port.fileno()], [], [], DEAF_S)
    return not ready


def test_it_answers_under_its_stable_name_and_does_not_echo(bench: Bench) -> None:
    with bench.open() as port:
        assert ask(port, ON) == ON
        assert ask(port, READ, 6) == READ_ON
        assert is_silent(port)


def test_contacts_hold_while_clients_come_and_go(bench: Bench) -> None:
    for request in (ON, READ):
        with bench.open() as port:
            reply = ask(port, request, 6)
    assert reply == READ_ON


def test_a_second_program_is_locked_out_only_while_the_first_is_there(bench: Bench) -> None:
    with bench.open(), pytest.raises(serial.SerialException):
        bench.open()
    with bench.open() as port:
        assert ask(port, READ, 6) == READ_OFF


def test_a_timed_contact_opens_although_nobody_talks(bench: Bench) -> None:
    with bench.open() as port:
        assert ask(port, FLASH) == FLASH
        bench.moved.clear()
        assert bench.moved.wait(PATIENCE_S)
    assert bench.board.coils[0] is False


def test_the_transcript_has_each_frame_on_a_line_with_its_time(bench: Bench) -> None:
    with bench.open() as port:
        ask(port, ON)
        ask(port, READ, 6)
    pattern = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z ([<>]) ((?:[0-9A-F]{2} ?)+)")
    told = [pattern.fullmatch(line) for line in bench.wire.read_text().splitlines()]
    expected = [(">", ON), ("<", ON), (">", READ), ("<", READ_ON)]
    assert [(m[1], bytes.fromhex(m[2])) for m in told if m] == expected


def test_a_frame_in_pieces_stands_on_one_line(bench: Bench) -> None:
    with bench.open() as port:
        port.write(ON[:3])
        port.write(ON[3:])
        assert port.read(8) == ON
    heard = [line.split(" > ")[1] for line in bench.wire.read_text().splitlines() if " > " in line]
    assert heard == [ON.hex(" ").upper()]


@pytest.mark.parametrize(
    ("fault", "reply"),
    [
        ("garbled", bytes.fromhex("01 05 00 00 AA 00 8C 3A")),
        ("noise", b"\xf0\x0f\xaa" + ON),
        ("partial", ON[:4]),
        ("stale", OFF),
        ("stuck", ON),
        ("slow", ON),
    ],
)
def test_faults_spoil_the_answer(bench: Bench, fault: str, reply: bytes) -> None:
    with bench.open() as port:
        ask(port, OFF)
        bench.line.set_faults([fault])
        assert bench.line.faults == [fault]
        assert ask(port, ON, len(reply)) == reply
        bench.line.set_faults(["none"])
        assert ask(port, READ, 6) == (READ_OFF if fault == "stuck" else READ_ON)


def test_a_silent_board_obeys_and_says_nothing(bench: Bench) -> None:
    bench.line.set_faults(["silent"])
    with bench.open() as port:
        port.write(ON)
        assert bench.moved.wait(PATIENCE_S)
        assert is_silent(port)


def test_a_late_answer_comes_after_that_to_the_next_command(bench: Bench) -> None:
    with bench.open() as port:
        bench.line.set_faults(["slow"])
        port.write(ON)
        assert bench.moved.wait(PATIENCE_S)
        bench.line.set_faults([])
        assert ask(port, READ, 6) == READ_ON
        assert port.read(8) == ON


def test_without_power_contacts_fall_and_nobody_answers(bench: Bench) -> None:
    with bench.open() as port:
        ask(port, ON)
        bench.line.set_faults(["power-loss"])
        assert bench.board.coils[0] is False
        port.write(ON)
        assert is_silent(port)
        bench.line.set_faults([])
        assert ask(port, READ, 6) == READ_OFF


def test_pulled_out_it_is_gone_and_plugged_in_it_is_back_with_its_state(bench: Bench) -> None:
    with bench.open() as port:
        ask(port, ON)
        bench.line.set_faults(["unplugged"])
        assert not os.path.lexists(bench.link)
        with pytest.raises((serial.SerialException, OSError)):
            ask(port, READ, 6)
    bench.line.set_faults(["unplugged", "silent"])
    bench.line.set_faults([])
    with bench.open() as port:
        assert ask(port, READ, 6) == READ_ON


def test_an_unknown_fault_is_refused_and_changes_nothing(bench: Bench) -> None:
    bench.line.set_faults(["silent"])
    with pytest.raises(UsageError, match="tired"):
        bench.line.set_faults(["tired"])
    assert bench.line.faults == ["silent"]


def test_a_flood_that_nobody_reads_does_not_stop_it(bench: Bench) -> None:
    with bench.open() as port:
        ask(port, ON)
        bench.moved.clear()
        for _ in range(1000):
            port.write(ON)
        port.write(OFF)
        assert bench.moved.wait(PATIENCE_S)
        bench.line.set_faults([])  # done when all of the flood has been answered
        port.reset_input_buffer()
        assert ask(port, READ, 6) == READ_OFF


def test_pymodbus_reads_and_writes(bench: Bench) -> None:
    client = ModbusSerialClient(str(bench.link), baudrate=9600, timeout=2)
    assert client.connect()
    with closing(client):
        assert not client.write_coil(2, True, device_id=1).isError()
        assert not client.write_coils(4, [True, True], device_id=1).isError()
        assert client.read_coils(0, count=8, device_id=1).bits == [i in (2, 4, 5) for i in range(8)]
        assert client.read_coils(8, count=8, device_id=1).exception_code == 2


@needs_mbpoll
def test_mbpoll_reads_and_writes(bench: Bench) -> None:
    command = ["mbpoll", "-m", "rtu", "-a", "1", "-b", "9600", "-P", "none", "-t", "0", "-r", "2"]
    subprocess.run([*command, str(bench.link), "1"], check=True, capture_output=True, timeout=30)
    assert bench.board.coils == [i == 1 for i in range(8)]
    read = subprocess.run(
        [*command, "-c", "2", "-1", str(bench.link)], check=True, capture_output=True, text=True, timeout=30
    )
    assert re.findall(r"\[(\d)\]:\s+(\d)", read.stdout) == [("2", "1"), ("3", "0")]
    heard = [line.split(" ", 2)[2] for line in bench.wire.read_text().splitlines() if " > " in line]
    ours = [modbus.write_coil(1, 1, modbus.ON), modbus.read_bits(1, modbus.READ_COILS, 1, 2)]
    assert heard == [frame.hex(" ").upper() for frame in ours]  # byte for byte what our driver would say
