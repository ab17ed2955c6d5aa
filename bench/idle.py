"""What the daemon costs while nothing sounds, with everything polled that can be."""

from __future__ import annotations

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
        before, began = _used_s(running), time.monotonic()
        time.sleep(_SECONDS)
        share = 100 * (_used_s(running) - before) / (time.monotonic() - began)
        resident = _resident_mib(running)
    note = "inputs looked at every 45 ms, the key every 2 s"
    return [
        Row("idle daemon", share, None, "% of a core", note),
        Row("idle daemon, memory", resident, None, "MiB", note),
    ]


def _used_s(running: Station) -> float:
    """Return the processor time of all its threads, which the kernel counts in nanoseconds."""
    tasks = Path(f"/proc/{running.pid('daemon')}/task").glob("*/schedstat")
    return sum(int(one.read_text().split()[0]) for one in tasks) / 1e9


def _resident_mib(running: Station) -> float:
    status = Path(f"/proc/{running.pid('daemon')}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024
