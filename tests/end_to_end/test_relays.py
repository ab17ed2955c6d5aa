"""A relay on a whole station: from one address to the other, to the file, and back."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.end_to_end.station import Station, samples, station, tone_share
from tests.streams import Icecast, icecast, needs_icecast

pytestmark = needs_icecast
FIRST, SECOND = 440, 1000


@pytest.fixture
def streams() -> Iterator[tuple[Icecast, Icecast]]:
    with icecast(FIRST) as first, icecast(SECOND) as second:
        yield first, second


@pytest.fixture
def running(tmp_path: Path, streams: tuple[Icecast, Icecast]) -> Iterator[Station]:
    relay = {"name": "vov1", "title": "VOV1", "fallback": "siren.wav", "silent_after_s": 2, "stalled_after_s": 1}
    addresses = [stream.address for stream in streams]
    with station(tmp_path, **{"[relay]": {**relay, "back_after_s": 2, "addresses": addresses}}) as one:
        yield one


def faults(running: Station) -> list[tuple[str, bool]]:
    """Return the kinds of faults of the relay, and whether each is over, in their order."""
    with sqlite3.connect(f"file:{running.home / 'broadcaster.sqlite3'}?mode=ro", uri=True) as database:
        rows = database.execute("SELECT kind, cleared_at FROM faults WHERE kind LIKE 'relay%' ORDER BY id").fetchall()
    database.close()
    return [(kind, over is not None) for kind, over in rows]


def now_from(running: Station) -> str:
    return " ".join(str(one["from"]) for one in running.status()["relays"])


def longest_gap_s(sound: np.ndarray) -> float:
    loud = np.flatnonzero(np.abs(sound) > 0.01) / 48000
    return float(np.diff(loud).max())


def test_a_scheduled_relay_goes_down_its_ladder_and_back(running: Station, streams: tuple[Icecast, Icecast]) -> None:
    first, second = streams
    at = (datetime.now(UTC) + timedelta(seconds=8)).isoformat()
    done = running.run("announce", "--json", "--relay", "vov1", "--minutes", "1", "--clusters", "3", "--at", at)
    assert done.returncode == 0, done.stderr
    one = json.loads(done.stdout)["id"]
    running.await_state(one, "on_air", within_s=20)
    running.wait(lambda: "'number': 1" in now_from(running), 5, "not from the first")
    running.wait(lambda: running.carrier, 1, "no carrier")
    assert "Relay “VOV1”: from address 1" in running.run("status").stdout
    first.kill()
    running.wait(lambda: "'number': 2" in now_from(running), 20, "not from the second")
    second.kill()
    running.wait(lambda: "reserve" in now_from(running), 20, "not from the file")
    first.start()
    running.wait(lambda: "'number': 1" in now_from(running), 20, "not back")
    time.sleep(3)
    assert running.run("stop").returncode == 0
    assert running.await_state(one)["state"] == "aborted"
    assert faults(running) == [("relay vov1 0", True), ("relay vov1 1", True)]
    sound = samples(running.air(one))
    seconds = [sound[begin : begin + 48000] for begin in range(0, len(sound) - 48000, 48000)]
    assert sum(tone_share(part, FIRST) > 0.9 for part in seconds) >= 3
    assert sum(tone_share(part, SECOND) > 0.9 for part in seconds) >= 2
    assert longest_gap_s(sound) < 1 + 1
