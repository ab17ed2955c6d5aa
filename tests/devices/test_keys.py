"""What keys a transmitter, against servers that others wrote: Hamlib's rigctld and pyserial's RFC 2217."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from types import SimpleNamespace
from typing import Any

import pytest
import serial
from serial import rfc2217

from broadcaster.devices.keys import LineKey, RigKey
from broadcaster.devices.lane import PortOwner
from broadcaster.devices.port import ModemLine, SerialPort
from broadcaster.model.evidence import Evidence
from tests.end_to_end.station import free_port
from tests.judges import needs_rigctld

_OPENS_AND_WAITS = """
import json, sys, time
from broadcaster.devices.port import SerialPort
port = SerialPort(sys.argv[1], 9600, at_rest=json.loads(sys.argv[2]))
port.feel()
print(flush=True)
time.sleep(60)
"""


def crash_on(url: str, at_rest: dict[ModemLine, bool]) -> None:
    """Have another process open the port as we do, and kill it."""
    command = [sys.executable, "-c", _OPENS_AND_WAITS, url, json.dumps(at_rest)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()


@pytest.fixture(scope="module")
def rigctld() -> Iterator[str]:
    """Yield the address of a simulated rig of Hamlib's own that can be keyed."""
    port = free_port()
    command = ["rigctld", "-m", "1", "-P", "RIG", "-T", "127.0.0.1", "-t", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield f"socket://127.0.0.1:{port}"
        process.terminate()


def rig_says(url: str) -> str:
    """Ask the rig whether it transmits, over a connection of our own."""
    host, port = url.removeprefix("socket://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as line:
        line.sendall(b"t\n")
        return line.recv(64).decode().strip()


@needs_rigctld
def test_a_rig_is_keyed_and_let_go(rigctld: str) -> None:
    owner = PortOwner(SerialPort(rigctld, 9600))
    key = RigKey(owner)
    assert (key.on(), rig_says(rigctld), key.read()) == (Evidence.ACKNOWLEDGED, "1", True)
    assert (key.off(), rig_says(rigctld), key.read()) == (Evidence.ACKNOWLEDGED, "0", False)
    owner.close()


@needs_rigctld
def test_a_rig_is_not_keyed_by_who_opens_its_port_crashes_or_comes_back(rigctld: str) -> None:
    for _ in range(2):
        crash_on(rigctld, {})
        assert rig_says(rigctld) == "0"


class Watched:
    """A port whose RTS and DTR are written down whenever they are set."""

    def __init__(self, at_rest: bool) -> None:
        port = serial.serial_for_url("loop://", do_not_open=True)
        port.rts = port.dtr = at_rest
        port.open()
        self.__dict__.update(port=port, changes=list[tuple[str, bool]]())

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["port"], name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ("rts", "dtr"):
            self.changes.append((name, value))
        setattr(self.port, name, value)


class Lines:
    """pyserial's own RFC 2217 server, and every change of its RTS and DTR."""

    def __init__(self, at_rest: bool) -> None:
        self._port: Any = Watched(at_rest)
        self.changes = self._port.changes
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"rfc2217://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def state(self) -> dict[str, bool]:
        return {"rts": self._port.rts, "dtr": self._port.dtr}

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                with client, suppress(OSError):
                    answers: Any = SimpleNamespace(write=client.sendall)
                    manager = rfc2217.PortManager(self._port, answers)
                    while data := client.recv(1024):
                        list(manager.filter(data))


@pytest.mark.parametrize("keyed_high", [True, False])
@pytest.mark.parametrize("line_name", ["rts", "dtr"])
def test_a_line_moves_when_it_is_keyed_and_at_no_other_time(line_name: ModemLine, keyed_high: bool) -> None:
    with closing(Lines(at_rest=not keyed_high)) as server:
        at_rest: dict[ModemLine, bool] = {line_name: not keyed_high}
        for _ in range(2):
            crash_on(server.url, at_rest)
        assert (line_name, keyed_high) not in server.changes
        owner = PortOwner(SerialPort(server.url, 9600, at_rest=at_rest))
        key = LineKey(owner, line_name, keyed_high=keyed_high)
        assert key.on() is Evidence.COMMANDED
        assert server.state[line_name] is keyed_high
        assert server.changes.count((line_name, keyed_high)) == 1
        key.off()
        assert server.state[line_name] is not keyed_high
        owner.close()


def test_a_line_whose_port_had_to_be_opened_again_is_not_called_keyed() -> None:
    with closing(Lines(at_rest=False)) as server:
        owner = PortOwner(SerialPort(server.url, 9600))
        key = LineKey(owner, "rts")
        key.on()
        assert key.keep() is None
        owner.submit(SerialPort.close).result(5)
        assert key.keep() is False
        owner.close()
