"""How far from its second the first programme sample is in the air, beside APScheduler's own job lateness.

Each start is a schedule of its own in the log book, five seconds after the one before; the station runs whole.
"""

from __future__ import annotations

import math
import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from apscheduler.schedulers.background import BackgroundScheduler

from bench.emergency import heard_at
from bench.row import Row
from broadcaster.config.loading import load
from broadcaster.home import Home
from broadcaster.model.recurrence import Recurrence
from broadcaster.model.schedule import Schedule, Target
from broadcaster.seal import secret_key
from broadcaster.sound import wav
from broadcaster.sound.library import Library
from broadcaster.storage.database import database_url, open_database
from broadcaster.storage.ground import Ground
from tests.end_to_end.station import Station, samples, station
from tests.people import plan

_STARTS = int(os.environ.get("BENCH_STARTS", "200"))
_EVERY_S = 5
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def run() -> list[Row]:
    """Measure. Lateness counts both ways: too early is as wrong as too late."""
    with tempfile.TemporaryDirectory(prefix="bench-punctuality-") as name:
        chime = _noise(Path(name) / "chime.wav", 0.3, seed=1)
        sound = {"opening_chime": str(chime), "closing_chime": str(chime)}
        transmitter = {"lead_in_s": 0.1, "tail_s": 0.0, "time_out_s": 400}
        with station(Path(name), transmitter=transmitter, sound=sound) as running:
            ours, theirs = _measure(running, samples(chime))
    off = np.abs(ours) * 1000
    note = f"{len(ours)} starts, {min(ours) * 1000:+.1f} to {max(ours) * 1000:+.1f}"
    late = np.abs(theirs) * 1000
    return [
        Row("start, median", float(np.median(off)), float(np.median(late)), "ms", note),
        Row(
            "start, p99", float(np.quantile(off, 0.99)), float(np.quantile(late, 0.99)), "ms", "peer: APScheduler's job"
        ),
    ]


def _measure(running: Station, chime: np.ndarray) -> tuple[list[float], list[float]]:
    asset = Library(running.home / "library").ingest(
        _noise(running.home / "bulletin.wav", 0.5, seed=2), title="bench", longest_s=60
    )
    first = math.ceil(time.time()) + 30
    dues = [first + _EVERY_S * number for number in range(_STARTS)]
    engine = open_database(database_url(running.home / "broadcaster.sqlite3", {}))
    network, key = load(running.config).network, secret_key(Home(running.home))
    for number, due in enumerate(dues):
        at = datetime.fromtimestamp(due, _ZONE)
        rule = Recurrence.once(at.time(), at.date())
        one = Schedule(f"s{number:04}", "bench", asset.id, Target(everyone=True), rule, duration=1.7, before=0.8)
        plan(engine, one, Ground(_ZONE, network, time.time(), key))
    engine.dispose()
    late: list[float] = []
    scheduler = BackgroundScheduler(timezone=UTC, job_defaults={"misfire_grace_time": None})
    for due in dues:
        when = datetime.fromtimestamp(due, UTC)
        scheduler.add_job(lambda due=due: late.append(time.time() - due), "date", run_date=when)
    scheduler.start()
    running.wait(lambda: time.time() > dues[-1] + 1, _EVERY_S * _STARTS + 60, "never over")
    running.wait(lambda: not running.carrier, 10, "the carrier stuck")
    scheduler.shutdown()
    recordings = running.recordings(1)
    assert len(recordings) == _STARTS, f"{len(recordings)} of {_STARTS} sounded"
    found = [heard_at(path, chime, due - 0.5, 1.5) - due for path, due in zip(recordings, dues, strict=True)]
    return found, late


def _noise(path: Path, seconds: float, seed: int) -> Path:
    with wav.writer(path) as file:
        sound = np.random.default_rng(seed).integers(-6000, 6000, int(seconds * 48_000))
        file.writeframes(sound.astype("<i2").tobytes())
    return path
