"""The monitor receiver on one station: heard, a carrier that is missing, a stranger, a receiver that is dead."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from tests.end_to_end.station import Station, samples, station


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    with station(tmp_path_factory.mktemp("off-air"), monitor={"input": "simulated"}) as one:
        yield one


def faults(running: Station) -> set[str]:
    return {fault["kind"] for fault in running.status()["faults"] if not fault["over"] or fault["kind"] == "not heard"}


def verdict_on(running: Station, broadcast: str) -> str:
    running.await_state(broadcast)
    running.wait(lambda: running.row(broadcast)["verdict"] is not None, 8, "no verdict")
    return str(running.row(broadcast)["verdict"])


def test_a_bulletin_is_heard(running: Station) -> None:
    running.run("simulate", "--faults", "none")
    broadcast = running.announce("--clusters", "1,2")
    assert verdict_on(running, broadcast) == "heard"
    assert len(samples(running.home / "air" / f"{broadcast}.heard.wav")) > 5 * 48_000
    monitor = running.status()["monitor"]
    assert (monitor["alive"], monitor["last"]["id"], monitor["last"]["evidence"]) == (True, broadcast, "verified")
    assert "heard off the air" in running.run("status").stdout
    assert not faults(running)


def test_a_missing_carrier_is_told_within_ten_seconds_although_the_relay_is_on(running: Station) -> None:
    running.run("simulate", "--faults", "transmitter:dead")
    broadcast = running.announce("--clusters", "1")
    running.await_state(broadcast, "opening", "on_air")
    keyed = running.row(broadcast)["keyed_at"]
    running.wait(lambda: "not heard" in faults(running), 15, "nobody noticed")
    (fault,) = (one for one in running.status()["faults"] if one["kind"] == "not heard")
    assert fault["since"] - keyed <= 10
    assert verdict_on(running, broadcast) == "not_heard"
    assert "hiss" in json.dumps(json.loads(running.row(broadcast)["verdict_why"]))


def test_a_stranger_while_we_are_off_is_told_within_fifteen_seconds_with_a_clip(running: Station) -> None:
    running.run("simulate", "--faults", "receiver:foreign")
    began = time.time()
    running.wait(lambda: "foreign programme" in faults(running), 20, "nobody noticed")
    (fault,) = (one for one in running.status()["faults"] if one["kind"] == "foreign programme")
    assert fault["since"] - began <= 15
    (clip,) = (running.home / "air").glob("foreign-*.wav")
    assert len(samples(clip)) > 5 * 48_000


def test_a_receiver_that_is_gone_is_told(running: Station) -> None:
    running.run("simulate", "--faults", "receiver:gone")
    running.wait(lambda: "monitor" in faults(running), 15, "nobody noticed")
    done = running.run("check")
    assert done.returncode == 1
    assert "NOTHING AT ALL" in done.stdout
