"""An emergency always sounds: over a bulletin, without a database, on a full disk, behind a latch."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from broadcaster.control.client import ControlClient
from tests.end_to_end.station import Station, correlation, samples, station

SIREN = samples(Path(__file__).parents[2] / "audio" / "siren.wav")[: 2 * 48000]
ALL = set(range(1, 11))


def _hears_siren(running: Station, cluster: int) -> bool:
    return correlation(SIREN, running.heard(cluster)) > 0.9


def _sounds(running: Station) -> None:
    done = running.run("emergency", "start")
    assert done.returncode == 0, done.stderr
    running.wait(lambda: _hears_siren(running, 1) and _hears_siren(running, 10), 15, "no siren")
    assert running.run("emergency", "stop").returncode == 0
    running.wait(lambda: not running.carrier, 8, "the carrier stuck")
    assert not running.open_clusters


def test_cuts_into_a_bulletin_at_once(tmp_path: Path) -> None:
    with station(tmp_path) as running:
        routine = running.announce("--all")
        running.await_state(routine, "on_air")
        codes = len(running.events("code"))
        _sounds(running)
        row = running.await_state(routine)
        assert row["state"] == "aborted"
        assert "Cut off by" in json.loads(row["reason"])["text"]
        assert {e["digits"] for e in running.events("code")[codes:]} == {"*990#"}  # nothing had to be opened
        assert len(running.recordings(4)) == 1  # one opening: the carrier was handed over
        assert [e["on"] for e in running.events("carrier")] == [True, False]


def test_to_other_clusters_it_opens_exactly_those_that_are_missing(tmp_path: Path) -> None:
    with station(tmp_path, emergency={"siren": "siren.wav", "repeat_gap_s": 0.5}) as running:
        running.await_state(running.announce("--clusters", "2,3"), "on_air")
        assert running.run("emergency", "start", "--clusters", "3,5").returncode == 0
        running.wait(lambda: _hears_siren(running, 5), 10, "no siren")
        codes = [entry["digits"] for entry in running.events("code")]
        assert codes == ["*021#", "*031#", "*051#"]
        running.wait(lambda: running.open_clusters == {3, 5}, 20, "cluster 2 was not closed")
        assert len(running.recordings(3)) == 1


def test_cuts_into_the_opening_and_into_the_closing(tmp_path: Path) -> None:
    with station(tmp_path, encoder={"repeats": 3}, transmitter={"lead_in_s": 1.5}) as running:
        for state in ("keying", "opening", "closing"):
            broadcast = running.announce("--clusters", "2,3,7")
            running.await_state(broadcast, state)
            _sounds(running)
            assert running.await_state(broadcast)["state"] in ("aborted", "completed")


def _missing(database: Path) -> None:
    for path in database.parent.glob(database.name + "*"):
        path.unlink()


def _corrupt(database: Path) -> None:
    _missing(database)
    database.write_bytes(b"no database at all " * 1000)


@pytest.mark.parametrize("spoil", [_missing, _corrupt])
def test_after_a_restart_without_a_good_database(spoil: Callable[[Path], None], tmp_path: Path) -> None:
    with station(tmp_path) as running:
        running.end()
        spoil(running.home / "broadcaster.sqlite3")
        running.start()
        _sounds(running)


def test_after_a_restart_with_the_database_locked(tmp_path: Path) -> None:
    with station(tmp_path) as running:
        running.end()
        lock = sqlite3.connect(running.home / "broadcaster.sqlite3", isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
        running.start()
        _sounds(running)
        assert running.run("announce", "--text", "thử", "--all").returncode == 1
        lock.execute("ROLLBACK")
        lock.close()
        running.wait(lambda: running.status()["daemon"]["log_book"], 15, "the log book was not taken up again")
        running.await_state(running.announce("--clusters", "1"), "completed")


def test_with_the_disk_full(tmp_path: Path) -> None:
    """No regular file may grow: what a full disk means to a process, without needing root."""
    with station(tmp_path) as running:
        running.end()
        running.start(full_disk=True)
        assert running.run("emergency", "start").returncode == 0
        running.wait(lambda: len(running.open_clusters) == 10, 15, "no opening")
        running.wait(lambda: _hears_siren(running, 1), 15, "no siren")
        assert running.run("emergency", "stop").returncode == 0
        running.wait(lambda: not running.carrier and not running.open_clusters, 8, "the carrier stuck")


def test_with_the_queue_latched(tmp_path: Path) -> None:
    with station(tmp_path) as running:
        running.await_state(running.announce("--clusters", "1"), "on_air")
        running.run("simulate", "--faults", "stuck")
        running.run("stop")
        running.wait(lambda: any(f["latched"] for f in running.status()["faults"]), 10, "no latch")
        running.run("simulate", "--faults", "none")
        running.wait(lambda: not running.carrier, 5, "the carrier stuck")
        assert running.run("announce", "--text", "thử", "--all").returncode == 1
        _sounds(running)


def test_after_its_longest_time_it_ends_by_itself(tmp_path: Path) -> None:
    with station(tmp_path, emergency={"longest_min": 0.05}) as running:
        assert running.run("emergency", "start", "--json").returncode == 0
        running.wait(lambda: running.carrier, 5, "not keyed")
        running.wait(lambda: not running.carrier, 25, "did not end")
        assert running.status()["last"]["state"] == "completed"
        assert np.abs(running.heard(1)).max() > 0.1


def test_a_stop_reaches_an_emergency_that_is_just_taking_over(tmp_path: Path) -> None:
    with station(tmp_path) as running:
        daemon = ControlClient(running.home / "run" / "control.sock")
        running.await_state(running.announce("--all"), "on_air")
        for request in ("stop", "emergency start", "emergency stop"):
            daemon.ask(request)
        running.wait(lambda: not running.carrier and not running.open_clusters, 10, "it sounds on")
        assert running.status()["next"] == []


def test_a_stopped_emergency_stays_stopped_although_its_carrier_would_not_drop(tmp_path: Path) -> None:
    with station(tmp_path, encoder={"repeats": 1}) as running:
        assert running.run("emergency", "start", "--clusters", "2").returncode == 0
        running.wait(lambda: running.open_clusters == {2}, 10, "not opened")
        running.run("simulate", "--faults", "unplugged")
        assert running.run("emergency", "stop").returncode == 0
        running.wait(lambda: not running.open_clusters, 10, "not closed")
        running.run("simulate", "--faults", "none")
        running.wait(lambda: not running.carrier, 10, "the carrier stuck")
        keyed = len(running.events("carrier"))
        time.sleep(7)  # longer than the pause before an emergency that failed is tried again
        assert len(running.events("carrier")) == keyed


def test_unkey_ends_what_sounds_and_starts_nothing_that_waits(tmp_path: Path) -> None:
    with station(tmp_path) as running:
        first, second = running.announce("--clusters", "2"), running.announce("--clusters", "3")
        running.await_state(first, "on_air")
        running.await_state(second, "preparing")
        running.wait(lambda: bool(running.status()["next"]), 10, "the second is not ready")
        assert running.run("unkey").returncode == 0
        assert not running.carrier
        assert not running.open_clusters
        assert running.await_state(first)["state"] == "aborted"
        assert running.await_state(second)["state"] == "aborted"
        assert not running.recordings(3)


def test_a_damaged_chime_stops_no_emergency(tmp_path: Path) -> None:
    chime = tmp_path / "chime.wav"
    chime.write_text("no sound")
    with station(tmp_path / "home", sound={"opening_chime": str(chime)}) as one:
        assert one.run("emergency", "start").returncode == 0
        one.wait(lambda: len(one.open_clusters) == 10, 15, "it does not sound")
        assert "Nobody can speak live" in str(one.status()["faults"])
        assert one.run("emergency", "stop").returncode == 0
        one.wait(lambda: not one.carrier, 15, "the carrier stands")
