"""Our Modbus driver against pymodbus' own server, byte for byte."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pymodbus.server import ModbusSerialServer, ServerStop
from pymodbus.simulator import DataType, SimData, SimDevice

from broadcaster.config.hardware import ModbusSettings
from broadcaster.devices import modbus
from broadcaster.devices.dialects import dialect
from broadcaster.devices.lane import PortOwner, Question
from broadcaster.devices.port import SerialPort
from broadcaster.devices.relay_board import SerialRelayBoard
from broadcaster.errors import BadReplyError
from broadcaster.model.evidence import Evidence
from tests.devices.cable import Cable, cable


@contextmanager
def pymodbus_board(line: Cable) -> Iterator[None]:
    """Have pymodbus serve 8 coils, 8 inputs (1 and 3 are closed), and a holding and an input register."""
    blocks = (
        [SimData(0, values=[False] * 16, datatype=DataType.BITS)],
        [SimData(0, values=[True, False, True, *[False] * 13], datatype=DataType.BITS)],
        [SimData(0, values=7, datatype=DataType.REGISTERS)],
        [SimData(0, values=[291, 17], datatype=DataType.REGISTERS)],
    )
    ready = threading.Event()

    async def serve() -> None:
        server = ModbusSerialServer(
            SimDevice(1, blocks), port=line.there, baudrate=9600, trace_connect=lambda _: ready.set()
        )
        await server.serve_forever()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(10)
        yield
    finally:
        ServerStop()
        thread.join(10)


@pytest.fixture(scope="module")
def line() -> Iterator[Cable]:
    with cable() as one, pymodbus_board(one):
        yield one


@contextmanager
def driven(name: str, **more: Any) -> Iterator[SerialRelayBoard]:
    """Yield our driver of a Modbus board on a port."""
    owner = PortOwner(SerialPort(name, 9600))
    yield SerialRelayBoard(owner, dialect(ModbusSettings(kind="modbus", **more)))
    owner.close()


def test_pymodbus_sees_the_published_frames_and_obeys(line: Cable) -> None:
    line.sent.clear()
    line.answered.clear()
    with driven(line.here) as board:
        assert board.switch(1, True) is Evidence.ACKNOWLEDGED
        assert board.switch(1, False) is Evidence.ACKNOWLEDGED
    on, off, read = "01 05 00 00 FF 00 8C 3A ", "01 05 00 00 00 00 CD CA ", "01 01 00 00 00 08 3D CC "
    assert line.sent == bytes.fromhex(on + read + off + read)
    assert line.answered == bytes.fromhex(f"{on} 01 01 01 01 90 48 {off} 01 01 01 00 51 88")


def test_pymodbus_tells_its_inputs(line: Cable) -> None:
    with driven(line.here, inputs=8) as board:
        assert board.inputs() == [True, False, True, *[False] * 5]


def test_pymodbus_tells_its_registers(line: Cable) -> None:
    port = SerialPort(line.here, 9600)
    request = modbus.frame(1, modbus.READ_REGISTERS, 0, 1)
    assert Question(request, modbus.is_complete, modbus.word_of).ask(port) == 291
    port.close()


def test_a_refusal_of_pymodbus_is_told_as_one(line: Cable) -> None:
    with driven(line.here, first_coil=100) as board, pytest.raises(BadReplyError, match="code 2"):
        board.switch(1, True)
