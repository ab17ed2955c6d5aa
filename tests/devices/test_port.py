from __future__ import annotations

import socket
import threading
import time

import pytest
import serial

from broadcaster.devices.port import SerialPort, _with_patience
from broadcaster.errors import PortError
from tests.devices.cable import cable


def test_opening_raises_neither_dtr_nor_rts() -> None:
    """On many adapters either line keys a transmitter."""
    port = SerialPort("loop://", 9600)
    assert port.exchange(b"x", lambda reply: reply == b"x") == b"x"
    assert port._serial is not None
    assert (port._serial.dtr, port._serial.rts, port._serial.exclusive) == (False, False, True)
    port.close()
    port.close()


def test_a_late_answer_to_the_last_command_does_not_answer_this_one() -> None:
    with cable() as line, serial.Serial(line.there, 9600, timeout=5) as device:
        port = SerialPort(line.here, 9600, 1.0)
        port.send(b"first")
        assert device.read(5) == b"first"
        device.write(b"answer to the first")
        while len(line.answered) < 19:  # it has come through the cable, and waits
            time.sleep(0.001)

        def answer() -> None:
            assert device.read(6) == b"second"
            device.write(b"answer to the second")

        thread = threading.Thread(target=answer)
        thread.start()
        reply = port.exchange(b"second", lambda reply: reply.endswith(b"second") or reply.endswith(b"first"))
        thread.join()
        port.close()
        assert reply == b"answer to the second"


@pytest.mark.parametrize(
    ("url", "opened"),
    [
        ("rfc2217://a:1", "rfc2217://a:1?timeout=0.4"),
        ("rfc2217://a:1?logging=debug", "rfc2217://a:1?logging=debug&timeout=0.4"),
        ("rfc2217://a:1?timeout=2", "rfc2217://a:1?timeout=2"),
        ("socket://a:1", "socket://a:1"),
        ("/dev/ttyUSB0", "/dev/ttyUSB0"),
    ],
)
def test_a_device_server_gets_a_time_limit(url: str, opened: str) -> None:
    assert _with_patience(url) == opened


def test_a_device_server_that_takes_no_call_holds_nobody_up() -> None:
    """Its queue is full: TCP would wait for seconds, and a supervisor kills a daemon that waits so long."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        callers = [socket.socket() for _ in range(4)]
        for caller in callers:
            caller.setblocking(False)
            caller.connect_ex(address)
        port = SerialPort(f"socket://{address[0]}:{address[1]}", 9600)
        for _ in range(3):
            with pytest.raises(PortError, match="is not there"):
                port.exchange(b"t\n", bool)
        assert port._opening is not None  # one and the same attempt all the time
        port.close()
        for caller in callers:
            caller.close()
