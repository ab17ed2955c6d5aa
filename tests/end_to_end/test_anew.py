"""What is set on the pages holds when the station has begun anew, and nothing that sounds is cut off for it."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from broadcaster.config import own
from broadcaster.control.client import ControlClient
from broadcaster.errors import BroadcasterError
from broadcaster.home import Home
from tests.end_to_end.station import Station, station


@pytest.fixture
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    with station(tmp_path_factory.mktemp("anew")) as one:
        yield one


def test_it_begins_anew_after_what_sounds(running: Station) -> None:
    before = {running.pid("daemon"), running.pid("web")}
    sounding = running.announce("--clusters", "1")
    running.await_state(sounding, "on_air")
    own.write(running.home / "station.toml", {"name": "Đài xã Mới"})
    running.kill("supervisor", signal.SIGHUP)
    assert running.await_state(sounding)["state"] == "completed"

    def is_anew() -> bool:
        with suppress(BroadcasterError):  # it is between the old one and the new
            return bool(running.status()["station"] == "Đài xã Mới")
        return False

    running.wait(is_anew, 30, "it did not begin anew")
    running.wait(lambda: not before & {running.pid("daemon"), running.pid("web")}, 10, "an old one goes on")
    assert running.await_state(running.announce("--clusters", "1"))["state"] == "completed"
    assert [entry["on"] for entry in running.events("carrier")][-4:] == [True, False, True, False]


def test_an_emergency_that_was_taken_in_at_that_moment_sounds(running: Station) -> None:
    """Asked again and again around the moment at which the controller ends: whatever gets a yes is heard."""
    ask = ControlClient(Home(running.home).control_socket, within_s=3).ask
    old = running.pid("daemon")
    running.kill("supervisor", signal.SIGHUP)
    time.sleep(1.45)
    taken = ""
    while not taken:
        with suppress(BroadcasterError):
            taken = ask("emergency start", origin="page", by="duty")["id"]
    running.await_state(taken, "on_air", within_s=10)
    assert running.run("emergency", "stop").returncode == 0
    assert running.await_state(taken)["reason"]
    running.wait(lambda: running.pid("daemon") not in (old, None), 30, "it did not begin anew afterwards")
