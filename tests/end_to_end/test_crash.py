"""Killed, stopped and orphaned at random moments: the carrier drops, the clusters close, the row says why."""

from __future__ import annotations

import json
import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.end_to_end.station import Station, samples, station, tone_share

KILLS, AT_A_TIME = 6, 3


def _kill_and_watch(folder: Path, moment: float, number: int = signal.SIGKILL, off_within_s: float = 2.0) -> None:
    """Kill the daemon ``moment`` seconds after an announcement was taken in, and see everything come right."""
    with station(folder) as running:
        broadcast = running.announce("--clusters", "2,3,7")
        time.sleep(moment)
        running.kill("daemon", number)
        killed = time.time()
        running.wait(lambda: not running.carrier, off_within_s, "the carrier stuck")
        row = running.await_state(broadcast, within_s=15)
        running.wait(lambda: running.answers, 10, "the daemon did not come back")
        running.wait(lambda: not running.open_clusters and not running.carrier, killed + 15 - time.time(), "still open")
        if row["state"] == "failed":
            assert "ended" in json.loads(row["reason"])["text"] or row["reason"]
        else:
            assert row["state"] == "completed"  # it was over before the kill
        _nothing_twice(running, broadcast)


def _nothing_twice(running: Station, broadcast: str) -> None:
    codes = [entry["digits"] for entry in running.events("code")]
    assert codes.count("*021#") <= 1
    assert running.row(broadcast)["state"] in ("failed", "completed")


def test_kill_at_random_moments(tmp_path: Path) -> None:
    rng = random.Random(2)
    moments = [rng.uniform(0, 16) for _ in range(KILLS)]
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        list(pool.map(lambda job: _kill_and_watch(tmp_path / str(job[0]), job[1]), enumerate(moments)))


@pytest.mark.parametrize("moment", [1.5, 3.0, 6.0])
def test_a_stopped_daemon_is_treated_the_same_within_3_s(moment: float, tmp_path: Path) -> None:
    _kill_and_watch(tmp_path, moment, signal.SIGSTOP, off_within_s=3.0)


def test_without_supervisor_a_routine_broadcast_closes_properly(tmp_path: Path) -> None:
    with station(tmp_path) as running:
        broadcast = running.announce("--all")
        running.await_state(broadcast, "on_air")
        running.kill("supervisor")
        running.wait(lambda: not running.carrier, 6, "the carrier stuck")
        assert not running.open_clusters
        assert running.await_state(broadcast, within_s=3)["state"] == "aborted"


def test_without_supervisor_an_emergency_goes_on_until_stopped(tmp_path: Path) -> None:
    with station(tmp_path) as running:
        assert running.run("emergency", "start").returncode == 0
        running.wait(lambda: len(running.open_clusters) == 10, 10, "the emergency did not open the clusters")
        running.kill("supervisor")
        assert running.run("unkey", "--if-dead").returncode == 0  # what systemd does when the supervisor is gone
        time.sleep(7)
        assert running.carrier
        assert running.run("emergency", "stop").returncode == 0
        running.wait(lambda: not running.carrier, 6, "the carrier stuck")
        assert not running.open_clusters


def test_after_everything_died_a_fresh_start_closes_the_clusters(tmp_path: Path) -> None:
    with station(tmp_path) as running:
        running.await_state(running.announce("--clusters", "2,3"), "on_air")
        for name in ("supervisor", "daemon", "web"):
            running.kill(name)
        assert running.process is not None
        running.process.wait()
        assert running.carrier  # nobody is left to drop it
        started = time.monotonic()
        running.start()
        running.wait(lambda: not running.carrier and not running.open_clusters, 15, "still open")
        assert time.monotonic() - started < 15
        faults = {fault["kind"] for fault in running.status()["faults"]}
        assert "forced-drop" in faults
        assert any(tone_share(samples(path), 440) > 0.001 for path in running.recordings(2))


def test_the_fourth_recovery_within_an_hour_waits_for_a_person(tmp_path: Path) -> None:
    with station(tmp_path) as running:
        for turn in range(4):
            broadcast = running.announce("--clusters", "6")
            running.await_state(broadcast, "on_air")
            running.kill("daemon")
            running.await_state(broadcast)
            running.wait(lambda: running.answers, 10, "no daemon")
            if turn < 3:
                running.wait(lambda: not running.open_clusters and not running.carrier, 15, "still open")
        running.wait(lambda: any(f["latched"] for f in running.status()["faults"]), 5, "no latch")
        assert running.open_clusters == {6}
        assert running.run("announce", "--text", "thử", "--all").returncode == 1
        running.run("acknowledge")
        running.wait(lambda: not running.open_clusters, 10, "not closed after acknowledgement")
