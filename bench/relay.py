"""One relay command, read back, over a pseudo-terminal: what the software adds to what the wire takes."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
from pymodbus.client import ModbusSerialClient

from bench.row import Row
from tests.devices.plant import plant

_COMMANDS = 500


def run() -> list[Row]:
    """Measure our driver, then pymodbus' client, on the same simulated board."""
    with tempfile.TemporaryDirectory(prefix="bench-relay-") as folder, plant("waveshare", Path(folder)) as one:
        ours = _milliseconds(lambda on: one.act() if on else one.rest())
        one.let_go()
        with closing(ModbusSerialClient(str(Path(folder) / "run" / "relay-board"), baudrate=9600)) as client:
            client.connect()
            peer = _milliseconds(lambda on: (client.write_coil(0, on), client.read_coils(0, count=8)))
        one.plug_in()
    note = f"{_COMMANDS} commands; peer: pymodbus"
    return [
        Row("relay command, median", float(np.median(ours)), float(np.median(peer)), "ms", note),
        Row("relay command, p99", float(np.quantile(ours, 0.99)), float(np.quantile(peer, 0.99)), "ms", note),
    ]


def _milliseconds(command: Callable[[bool], object]) -> list[float]:
    found = []
    for turn in range(_COMMANDS):
        began = time.perf_counter()
        command(turn % 2 == 0)
        found.append((time.perf_counter() - began) * 1000)
    return found
