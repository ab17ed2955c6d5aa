"""Relay faults: never called aired when it was not, latched when the carrier may be up, well again after replug."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import pytest

from tests.end_to_end.station import Station, station


def _faults(running: Station) -> dict[str, bool]:
    return {fault["kind"]: fault["over"] for fault in running.status()["faults"]}


@pytest.mark.parametrize("fault", ["silent", "garbled", "stuck", "unplugged"])
def test_a_failed_key_is_never_aired_and_a_failed_unkey_latches(fault: str, tmp_path: Path) -> None:
    with station(tmp_path) as running:
        running.run("simulate", "--faults", fault)
        row = running.await_state(running.announce("--clusters", "1"))
        assert row["state"] == "failed"
        assert "switching the transmitter on" in json.dumps(json.loads(row["reason"]))
        assert not running.recordings(1)
        running.run("simulate", "--faults", "none")
        running.wait(lambda: running.run("acknowledge").returncode == 0, 10, "not acknowledged")
        broadcast = running.announce("--clusters", "1")
        running.await_state(broadcast, "on_air")
        running.run("simulate", "--faults", fault)
        running.run("stop")
        running.wait(lambda: "unkey" in _faults(running), 15, "a failed unkey did not alarm")
        assert "by hand" in running.run("status").stdout
        assert running.run("announce", "--text", "thử", "--all").returncode == 1
        running.run("simulate", "--faults", "none")
        running.wait(lambda: not running.carrier, 5, "the carrier stuck")
        _comes_right(running)


def test_a_closing_code_that_stumbled_is_sent_again(tmp_path: Path) -> None:
    with station(tmp_path) as running:
        broadcast = running.announce("--clusters", "1")
        running.await_state(broadcast, "on_air")
        running.await_state(broadcast, "closing")
        time.sleep(0.25)  # among its tones
        running.kill("daemon", signal.SIGSTOP)
        time.sleep(0.6)
        running.kill("daemon", signal.SIGCONT)
        assert running.await_state(broadcast)["state"] == "completed"
        assert "underruns" in _faults(running)
        assert not running.open_clusters
        assert "*990#" in [entry["digits"] for entry in running.events("code")]


def _comes_right(running: Station) -> None:
    running.wait(lambda: running.run("acknowledge").returncode == 0, 10, "not acknowledged")
    running.wait(lambda: not running.carrier and not running.open_clusters, 10, "still open")
    row = running.await_state(running.announce("--clusters", "8"))
    assert row["state"] == "completed", row
