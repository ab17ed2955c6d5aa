"""How soon each page answers when the log book is old: ten thousand schedules, five years of broadcasts."""

from __future__ import annotations

import json
import os
import random
import secrets
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, insert

from bench.emergency import noise
from bench.pages import share
from bench.row import Row
from broadcaster.sound.library import Library
from broadcaster.storage import tables
from broadcaster.storage.database import database_url, open_database
from tests.end_to_end.station import station
from tests.visitor import Visitor

_SCHEDULES, _STILL_TO_COME = 10_000, 300
_YEARS, _A_DAY = 5, 6
_TIMES = int(os.environ.get("BENCH_TIMES", "40"))
_PATHS = ("/", "/bulletin", "/programme", "/programme?search=99", "/programme/week", "/approvals", "/library")
_MORE = ("/log", "/log?page=300", "/uptime", "/people", "/account", "/audit", "/api/status", "/certificate")
_OPEN = 200
_LOAD_KB = 300


def run() -> list[Row]:
    """Measure: 95th percentile of each page's answer, what the first sight loads, what 200 open pages cost."""
    with tempfile.TemporaryDirectory(prefix="bench-years-") as folder:
        transmitter = {"lead_in_s": 0.1, "tail_s": 0.0, "time_out_s": 400}
        with station(Path(folder), transmitter=transmitter) as running:
            asset = Library(running.home / "library").ingest(noise(running.home), title="bench", longest_s=60)
            engine = open_database(database_url(running.home / "broadcaster.sqlite3", {}))
            _fill(engine, asset.id)
            engine.dispose()
            visitor = Visitor(running.port, running.printed_password)
            slowest = sorted((_p95(visitor, path), path) for path in (*_PATHS, *_MORE))
            load = _first_load(visitor) / 1000
            with visitor.live_pages(_OPEN) as came:
                used = share(running, asset.id, lambda: time.sleep(20))
            fed = sum(1 for count in came if count > 1000)
            underruns = sum(fault["kind"] == "underruns" for fault in running.status()["faults"])
    told = ", ".join(f"{path} {ms:.0f}" for ms, path in reversed(slowest[-4:]))
    return [
        Row("slowest page, p95", slowest[-1][0], None, "ms", told),
        Row("first sight without sound", load, None, "kB", f"limit {_LOAD_KB}"),
        Row(f"{_OPEN} open pages", used, None, "% of a core", f"{fed} fed, {underruns} underruns; limit 15 %"),
    ]


def _p95(visitor: Visitor, path: str) -> float:
    taken = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        visitor.get(path)
        taken.append((time.perf_counter() - began) * 1000)
    return float(np.quantile(taken, 0.95))


def _first_load(visitor: Visitor) -> int:
    page = visitor.get("/")
    wanted = {part.split('"')[0] for mark in ('href="/static/', 'src="/static/') for part in page.split(mark)[1:]}
    loaded = [name for name in sorted(wanted) if not name.endswith(".pdf")]  # a link, for who wants to print it
    paths = [f"/static/{name}" for name in loaded] + ["/font/regular.woff", "/font/bold.woff"]
    return len(page.encode()) + sum(visitor.size(path) for path in paths)


def _fill(engine: Engine, sound: str) -> None:
    rng, now = random.Random(5), time.time()
    with engine.begin() as connection:
        _many(connection, tables.schedules, _schedules(rng, now, sound))
        _many(connection, tables.broadcasts, _broadcasts(now, sound))
        _many(connection, tables.device_intervals, _intervals(now))
        _many(connection, tables.audit, _audit(now))


def _many(connection: Connection, table: Any, rows: Iterator[dict[str, Any]]) -> None:
    found = list(rows)
    for start in range(0, len(found), 1000):
        connection.execute(insert(table), found[start : start + 1000])


def _schedules(rng: random.Random, now: float, sound: str) -> Iterator[dict[str, Any]]:
    for number in range(_SCHEDULES):
        ahead = number < _STILL_TO_COME
        day = datetime.fromtimestamp(now, UTC) + timedelta(days=rng.randint(1, 300) * (1 if ahead else -6))
        last = day if number % 3 else day + timedelta(days=30)
        yield {
            "id": f"s{number:05}",
            "title": f"Bản tin số {number}",
            "sound": sound,
            "text": "",
            "target": {"clusters": [1 + number % 10], "group": "", "all": False},
            "priority": "routine",
            "at": f"{rng.randint(5, 20):02}:{rng.randint(0, 59):02}:00",
            "first": f"{day:%Y-%m-%d}",
            "last": f"{last:%Y-%m-%d}",
            "weekdays": list(range(7)),
            "late_after_s": 600.0,
            "duration_s": 60.0,
            "before_s": 3.0,
            "after_s": 2.0,
            "paused": 0,
            "revision": 1,
            "settled_until": now,
            "created": now,
            "created_by": "bench",
            "changed": now,
            "changed_by": "bench",
            "ends": last.timestamp() + 4 * 86400,
        }


def _days(now: float) -> Iterator[float]:
    for day in range(1, _YEARS * 365):
        for number in range(_A_DAY):
            yield now - day * 86400 + number * 7200


def _broadcasts(now: float, sound: str) -> Iterator[dict[str, Any]]:
    for at in _days(now):
        yield {
            "id": f"{datetime.fromtimestamp(at, UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}",
            "title": "Bản tin",
            "sound": sound,
            "message": "",
            "clusters": [1, 2, 3],
            "priority": "routine",
            "origin": "schedule",
            "due": at,
            "created": at,
            "planned_s": 60.0,
            "state": "completed",
            "keyed_at": at - 3,
            "on_air_at": at,
            "ended_at": at + 63,
            "sounded_s": 60.0,
        }


def _intervals(now: float) -> Iterator[dict[str, Any]]:
    for at in _days(now):
        for device, state, begin, end in (
            ("transmitter", "on", at - 3, at + 63),
            ("transmitter", "off", at + 63, at + 7197),
            *((f"cluster-{number:02}", "open", at, at + 60) for number in (1, 2, 3)),
        ):
            told = {"device": device, "state": state, "evidence": "acknowledged"}
            yield {**told, "from_at": begin, "until_at": end, "seen_at": end}


def _audit(now: float) -> Iterator[dict[str, Any]]:
    for number in range(20_000):
        after = json.loads('{"title": "Bản tin", "paused": 0}')
        told = {"by_name": "Lan", "what": "bulletin made", "subject": f"Bản tin số {number}"}
        yield {**told, "at": now - number * 7200, "before": None, "after": after}
