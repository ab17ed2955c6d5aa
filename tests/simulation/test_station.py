from __future__ import annotations

import json
import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import serial

from broadcaster.errors import BroadcasterError, ControlError, RefusedError, UsageError
from broadcaster.home import Home
from broadcaster.simulation.client import ask, fingerprint
from broadcaster.simulation.station import Station, serve
from broadcaster.sockets import connect
from tests.judges import pcm_of
from tests.simulation.network import ten_clusters
from tests.simulation.sounds import chunks, code, silence

SETTINGS = ten_clusters()
ON = bytes.fromhex("01 05 00 00 FF 00 8C 3A")
PATIENCE_S = 20.0


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").make()


@contextmanager
def running(home: Home) -> Iterator[Station]:
    with closing(Station(SETTINGS, home, threading.Event())) as station:
        yield station


def key(home: Home) -> None:
    with serial.Serial(str(home.run / "relay-board"), 9600, timeout=PATIENCE_S, exclusive=True) as port:
        port.write(ON)
        assert port.read(len(ON)) == ON


def send(home: Home, digits: str) -> None:
    """Play a code, to its end and the pause after it."""
    pcm = b"".join(chunks(silence(200)) + chunks(code(digits)) + chunks(silence(300)))
    with connect(home.run / "air.sock", PATIENCE_S) as card:
        for start in range(0, len(pcm) - 1919, 1920):
            card.sendall(b"B" + pcm[start : start + 1920])
        card.sendall(b"D")
        while card.recv(5, socket.MSG_WAITALL)[:1] != b"D":
            pass


def events(home: Home) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (home.field / "events.jsonl").read_text().splitlines()]


def test_with_power_everything_is_off_and_closed(home: Home) -> None:
    with running(home):
        assert ask(home, {"do": "state"}) == {
            "relay": [False] * 8,
            "carrier": False,
            "open": [],
            "underruns": 0,
            "faults": {"relay-board": []},
            "off_air": [],
            "inputs": [],
            "config": fingerprint(SETTINGS),
        }


def test_from_the_wire_to_the_horns(home: Home) -> None:
    with running(home):
        key(home)
        send(home, "*021#")
        state = ask(home, {"do": "state"})
        assert (state["relay"][0], state["carrier"], state["open"]) == (True, True, [2])
    whats = [event["what"] for event in events(home)]
    assert whats == ["relay", "carrier", "code", "cluster"]
    (recording,) = (home.field / "cluster-02").iterdir()
    assert len(pcm_of(recording)) > 0
    assert ON.hex(" ").upper() in (home.run / "wire.log").read_text()


def test_faults_are_switched_while_it_runs(home: Home) -> None:
    with running(home):
        assert ask(home, {"do": "faults", "faults": ["unplugged", "stuck"]})["faults"] == {
            "relay-board": ["stuck", "unplugged"]
        }
        assert not (home.run / "relay-board").exists()
        assert ask(home, {"do": "faults", "faults": []})["faults"] == {"relay-board": []}
        key(home)


def test_a_dead_transmitter_has_no_carrier_though_it_is_keyed(home: Home) -> None:
    with running(home):
        key(home)
        state = ask(home, {"do": "faults", "faults": ["transmitter:dead", "receiver:weak"]})
        assert (state["relay"][0], state["carrier"]) == (True, False)
        assert state["off_air"] == ["receiver:weak", "transmitter:dead"]
        send(home, "*991#")
        assert ask(home, {"do": "state"})["open"] == []
        assert ask(home, {"do": "faults", "faults": []})["carrier"] is True


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"do": "dance"},
        {"do": "faults"},
        {"do": "faults", "faults": ["tired"]},
        {"do": "faults", "faults": ["receiver:stuck"]},
        {"do": "faults", "faults": 3},
    ],
)
def test_a_wrong_request_is_refused_with_a_sentence(home: Home, request_: dict[str, Any]) -> None:
    with running(home):
        with pytest.raises(UsageError):
            ask(home, request_)
        assert ask(home, {"do": "state"})["faults"] == {"relay-board": []}


@pytest.mark.parametrize("rubbish", [b"\n", b"[1]\n", b"{", b"\xff\xfe\n", b""])
def test_rubbish_stops_nothing(home: Home, rubbish: bytes) -> None:
    with running(home):
        with connect(home.run / "simulator.sock", PATIENCE_S) as line:
            line.sendall(rubbish)
            line.shutdown(socket.SHUT_WR)
            assert b"That is no request" in line.recv(1000)
        assert ask(home, {"do": "state"})["carrier"] is False


def test_without_a_simulator_the_client_says_so(home: Home) -> None:
    with pytest.raises(ControlError, match="No simulated station"):
        ask(home, {"do": "state"})


def test_a_second_one_is_refused(home: Home) -> None:
    with running(home):
        with pytest.raises(RefusedError):
            Station(SETTINGS, home, threading.Event())
        assert ask(home, {"do": "state"})["carrier"] is False


def test_it_serves_until_it_is_told_to_stop(home: Home) -> None:
    thread = threading.Thread(target=serve, args=(SETTINGS, home, stop := threading.Event()))
    thread.start()
    answers = until_it_answers(home, stop)
    assert ask(home, {"do": "stop"}) == {}
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    assert answers["carrier"] is False
    assert sorted(path.name for path in home.run.iterdir()) == ["simulator.pid"]


def until_it_answers(home: Home, still: threading.Event) -> dict[str, Any]:
    for _ in range(1000):
        try:
            return ask(home, {"do": "state"})
        except ControlError:
            still.wait(0.02)
    raise AssertionError("it never answered")


def test_when_a_thread_dies_it_does_not_go_on_as_half_a_station(home: Home) -> None:
    def dies() -> None:
        until_it_answers(home, threading.Event())
        raise RuntimeError("on purpose")

    threading.Thread(target=dies).start()
    with pytest.raises(BroadcasterError, match="failed"):
        serve(SETTINGS, home, threading.Event())


def test_a_full_disk_stops_nothing(home: Home) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with running(home):
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
        try:
            key(home)
            send(home, "*991#")
            assert ask(home, {"do": "state"})["open"] == list(range(1, 11))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_killed_it_leaves_whole_recordings_and_the_next_one_tells_what_fell(home: Home) -> None:
    program = (
        "import pathlib, sys, threading; from broadcaster.home import Home\n"
        "from broadcaster.simulation.station import serve; from tests.simulation.network import ten_clusters\n"
        "serve(ten_clusters(), Home(pathlib.Path(sys.argv[1])), threading.Event())"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(home.path)])
    try:
        until_it_answers(home, threading.Event())
        key(home)
        send(home, "*911#")
        send(home, "*555#")
        assert int((home.run / "simulator.pid").read_text()) == process.pid
    finally:
        process.kill()
        process.wait()
    assert process.returncode == -signal.SIGKILL
    assert all(len(pcm_of(path)) > 9600 for path in home.field.glob("cluster-0[123]/*.wav"))
    written = len(events(home))
    with running(home):
        assert ask(home, {"do": "state"})["open"] == []
    told = [(event["what"], event.get("on", event.get("open"))) for event in events(home)[written:]]
    assert told == [("relay", False), ("carrier", False), *[("cluster", False)] * 3]
