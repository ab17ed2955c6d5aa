"""What the daemon costs while nothing sounds, with everything polled that can be."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.row import Row
from tests.end_to_end.station import Station, station

_SECONDS = 60.0
_EVERYTHING: dict[str, dict[str, Any]] = {
    "relay_board": {"kind": "waveshare", "inputs": 8},
    "inputs": {"rf_present": 1, "transmitter_fault": 2, "mains": 3, "emergency_button": 4},
}


def run() -> list[Row]:
    """Measure the processor time of a minute and the memory at its end."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-idle-") as folder,
        station(Path(folder), **_EVERYTHING) as running,
    ):
        time.sleep(5)
        before, began = _ticks(running), time.monotonic()
        time.sleep(_SECONDS)
        used = (_ticks(running) - before) / os.sysconf("SC_CLK_TCK")
        share = 100 * used / (time.monotonic() - began)
        resident = _resident_mib(running)
    note = "inputs looked at every 40 ms, the key every 2 s"
    return [
        Row("idle daemon", share, None, "% of a core", note),
        Row("idle daemon, memory", resident, None, "MiB", note),
    ]


def _ticks(running: Station) -> int:
    fields = Path(f"/proc/{running.pid('daemon')}/stat").read_text().rsplit(") ", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def _resident_mib(running: Station) -> float:
    status = Path(f"/proc/{running.pid('daemon')}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024
