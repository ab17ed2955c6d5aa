"""What open pages cost, and how soon the emergency button on one of them is heard while they are open."""

from __future__ import annotations

import contextlib
import os
import random
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bench.emergency import heard_at, noise
from bench.row import Row
from broadcaster.config.settings import AUDIO
from broadcaster.control.client import ControlClient
from broadcaster.errors import RefusedError
from broadcaster.sound.library import Library
from tests.end_to_end.station import Station, samples, station
from tests.visitor import Visitor

_PAGES = 100
_TRIALS = int(os.environ.get("BENCH_TRIALS", "100"))
_SECONDS = 20.0
_PIECE = 9600
_WITHIN_S = 1.0


def run() -> list[Row]:
    """Measure: the processor time of the web process, live pages beside pages that ask every two seconds."""
    with tempfile.TemporaryDirectory(prefix="bench-pages-") as folder:
        transmitter = {"lead_in_s": 0.1, "tail_s": 0.0, "time_out_s": 400}
        with station(Path(folder), transmitter=transmitter) as running:
            visitor = Visitor(running.port, running.printed_password)
            asset = Library(running.home / "library").ingest(noise(running.home), title="bench", longest_s=60)
            asking = share(running, asset.id, lambda: _ask(visitor))
            with visitor.live_pages(_PAGES) as came:
                live = share(running, asset.id, lambda: time.sleep(_SECONDS))
                late = sorted(_trials(running, visitor, asset.id))
            fed = sum(1 for count in came if count > 1000)
            underruns = sum(fault["kind"] == "underruns" for fault in running.status()["faults"])
    note = f"{fed} of {_PAGES} fed, {underruns} underruns; peer: pages that ask every 2 s"
    return [
        Row(f"{_PAGES} open pages", live, asking, "% of a core", note),
        Row("emergency by page, median", float(np.median(late)), None, "ms", f"{len(late)} trials, max {late[-1]:.1f}"),
        Row("emergency by page, p99", float(np.quantile(late, 0.99)), None, "ms", f"with {_PAGES} pages open"),
    ]


def share(running: Station, sound: str, meanwhile: Callable[[], None]) -> float:
    """Return the processor time of the web process while a bulletin sounds, in percent of a core."""
    client = ControlClient(running.home / "run" / "control.sock")
    client.ask("announce", sound=sound, title="bench", all=True)
    running.wait(lambda: running.carrier, 20, "no carrier")
    before, began = _ticks(running), time.monotonic()
    meanwhile()
    used = (_ticks(running) - before) / os.sysconf("SC_CLK_TCK")
    share = 100 * used / (time.monotonic() - began)
    running.wait(lambda: not running.carrier, 60, "the carrier stuck")
    return share


def _ticks(running: Station) -> int:
    """Return the processor time that the web process and its workers have used."""
    master = running.pid("web")
    total = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text().rsplit(") ", 1)[1].split()  # proc(5): state, ppid, …, utime, stime
            if master in (int(path.parent.name), int(fields[1])):
                total += int(fields[11]) + int(fields[12])
    return total


def _ask(visitor: Visitor) -> None:
    """As many pages, each of which asks for the board every two seconds."""
    give_up = time.monotonic() + _SECONDS
    turn = 0
    while time.monotonic() < give_up:
        visitor.get("/api/status")
        turn += 1
        time.sleep(max(0.0, give_up - _SECONDS + turn * 2 / _PAGES - time.monotonic()))


def _trials(running: Station, visitor: Visitor, sound: str) -> list[float]:
    client = ControlClient(running.home / "run" / "control.sock")
    siren = samples(AUDIO / "siren.wav")[:_PIECE]
    found, rng = [], random.Random(1)
    for _ in range(_TRIALS):
        broadcast = str(client.ask("announce", sound=sound, title="bench", all=True)["id"])
        running.await_state(broadcast, "on_air", within_s=20)
        time.sleep(rng.uniform(0, 1))
        asked = time.time()
        threading.Thread(target=visitor.emergency).start()
        time.sleep(_WITHIN_S + 0.4)
        found.append((heard_at(running.recordings(1)[-1], siren, asked, _WITHIN_S) - asked) * 1000)
        with contextlib.suppress(RefusedError):
            client.ask("emergency stop")
        running.wait(lambda: not running.carrier, 10, "the carrier stuck")
    return found
