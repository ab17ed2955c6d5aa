"""A sound card's pace under load: does the sound stumble, and how soon does an emergency reach the card?

miniaudio's null device asks for sound like a card does. The station runs whole, its pages are asked for without a
pause, and a process burns on each core. ``python -m bench.card 600`` for ten minutes.
"""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np

from bench.row import Row
from broadcaster.clock import SystemClock
from broadcaster.model.broadcast import Broadcast
from broadcaster.model.priority import Priority
from broadcaster.playout.orders import Orders
from broadcaster.playout.programme import Item, Repeat
from broadcaster.sound import card
from broadcaster.sound.ring import Ring
from broadcaster.sound.source import MemorySource
from tests.end_to_end.station import Station, station
from tests.playout.rig import CLUSTER, playing
from tests.sound.sounds import tone
from tests.visitor import Visitor

_SECONDS = float(os.environ.get("BENCH_CARD_S", "60"))
_ASKERS = 6
_TRIALS = 40
_LOUD = 20_000


def run(seconds: float = _SECONDS) -> Iterator[Row]:
    """Measure; there is no peer that could be measured beside it."""
    count, pages = stumbles(seconds)
    yield Row("card: underruns under load", count, None, "", f"{seconds:g} s on air, {pages} pages, both cores burning")
    for name, load in (("quiet", False), ("both cores burning", True)):
        late = preemptions(loaded=load)
        note = f"{name}; {len(late)} trials, max {late[-1]:.1f}; the card holds 20–30 ms more"
        yield Row("pre-emption at the card, p99", float(np.quantile(late, 0.99)), None, "ms", note)


def stumbles(seconds: float) -> tuple[int, int]:
    """Let an emergency sound for so long under load; return the underruns, and how many pages were served meanwhile."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-card-")))
        transmitter = {"lead_in_s": 0.2, "tail_s": 0.1, "time_out_s": seconds + 400}
        running = stack.enter_context(station(folder, transmitter=transmitter, sound={"output": "null"}))
        visitor = Visitor(running.port, running.printed_password)
        assert running.run("emergency", "start").returncode == 0
        running.wait(lambda: running.latest("on_air") is not None, 20, "not on air")
        stack.enter_context(burning())
        with _asking(visitor) as served:
            time.sleep(seconds)
        assert running.run("emergency", "stop").returncode == 0
        running.wait(lambda: not running.carrier, 30, "the carrier stuck")
        return _underruns(running), len(served)


def _underruns(running: Station) -> int:
    told = [one["sentence"] for one in running.status()["faults"] if one["kind"] == "underruns"]
    return sum(int(one["values"]["count"]) for one in told)


@contextmanager
def burning() -> Iterator[None]:
    """Keep a process busy on each core."""
    burners = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for one in burners:
            one.kill()
            one.wait()


@contextmanager
def _asking(visitor: Visitor) -> Iterator[list[int]]:
    served: list[int] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            with contextlib.suppress(urllib.error.URLError, OSError):
                served.append(len(visitor.get(random.choice(("/", "/log", "/programme", "/clusters")))))

    askers = [threading.Thread(target=ask) for _ in range(_ASKERS)]
    for one in askers:
        one.start()
    try:
        yield served
    finally:
        over.set()
        for one in askers:
            one.join()


class _Watched(Ring):
    """A ring that notes when the card first took something loud."""

    loud_at: float | None = None

    def take(self, request: int) -> bytes:
        pcm = super().take(request)
        if _Watched.loud_at is None and np.abs(np.frombuffer(pcm, "<i2").astype(int)).max(initial=0) > _LOUD:
            _Watched.loud_at = time.monotonic()
        return pcm


def preemptions(*, loaded: bool) -> list[float]:
    """Return, sorted, the milliseconds from an order to the first sample of an emergency that the card takes."""
    load = burning() if loaded else contextlib.nullcontext()
    quiet, loud = MemorySource(tone(48_000 * 30, peak=2000)), MemorySource(tone(48_000, peak=30_000))
    card.Ring = _Watched  # type: ignore[misc]
    with tempfile.TemporaryDirectory(prefix="bench-card-") as folder, load:
        orders = Orders()
        with playing(Path(folder), orders, card.SoundCard(null=True), SystemClock()) as on_air:
            _sound(orders, quiet, Priority.ROUTINE)
            assert on_air.wait(10)
            return sorted(_preempt(orders, quiet, loud) for _ in range(_TRIALS))


def _preempt(orders: Orders, quiet: MemorySource, loud: MemorySource) -> float:
    """Over something quiet, and quiet again: an emergency takes over from whatever sounds, another one too."""
    time.sleep(random.uniform(0.3, 0.5))
    _Watched.loud_at = None
    asked = time.monotonic()
    _sound(orders, loud, Priority.EMERGENCY)
    time.sleep(0.4)
    assert _Watched.loud_at is not None
    _sound(orders, quiet, Priority.EMERGENCY)
    return (_Watched.loud_at - asked) * 1000


def _sound(orders: Orders, source: MemorySource, priority: Priority) -> None:
    repeat = Repeat(1, 60) if priority is Priority.EMERGENCY else None
    orders.submit(Item(Broadcast("bench", "bench", CLUSTER, priority), source, repeat))


if __name__ == "__main__":
    for row in run(float(sys.argv[1]) if len(sys.argv) > 1 else _SECONDS):
        print(row.name, "None" if row.ours is None else f"{row.ours:.1f}", row.unit, row.note, flush=True)
