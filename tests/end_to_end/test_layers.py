"""The third layer, the doctor who measures it, the button on the wall, and a plug that is pulled out."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from broadcaster.devices import doctor
from broadcaster.errors import BroadcasterError
from broadcaster.home import Home
from broadcaster.simulation import client
from broadcaster.simulation.relay_board import RelayBoard
from broadcaster.words import Sentence
from tests.browser import chromium, needs_chromium
from tests.devices.plant import Plant, plant
from tests.end_to_end.station import Station, station, write_config

INPUTS: dict[str, Any] = {
    "relay_board": {"kind": "waveshare", "inputs": 8},
    "inputs": {"rf_present": 1, "emergency_button": 8},
}


def doctor_says(running: Station, *arguments: str, answers: str = "") -> subprocess.CompletedProcess[str]:
    """Run ``check`` with these answers to its questions."""
    return subprocess.run(
        [sys.executable, "-m", "broadcaster", "check", *arguments],
        env=running.variables,
        input=answers,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def resting(tmp_path: Path) -> Any:
    """A station whose hardware is on and whose controller is not."""
    home = tmp_path / "home"
    home.mkdir()
    one = Station(home, write_config(tmp_path / "clusters.toml", **INPUTS))
    one.start_simulator()
    yield one
    one.end()


def test_check_keys_nothing_unless_it_is_agreed_twice(resting: Station) -> None:
    plain = doctor_says(resting)
    assert plain.returncode == 0, plain.stdout + plain.stderr
    assert "answers, version 2.00" in plain.stdout
    assert "not measured yet" in plain.stdout
    for answers in ("", "yes\n", "yes\nno\n", "no\nyes\n"):
        assert doctor_says(resting, "--key", answers=answers).returncode == 1
    assert not any(entry["on"] for entry in resting.events("carrier"))
    found = json.loads(doctor_says(resting, "--json").stdout)
    assert all(one["ok"] for one in found)


def test_what_was_measured_lets_the_carrier_go_when_everything_has_died(resting: Station, tmp_path: Path) -> None:
    page = tmp_path / "check.html"
    done = doctor_says(resting, "--key", "--page", str(page), answers="yes\nyes\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "lets the key go by itself: measured" in done.stdout
    assert "<table>" in page.read_text()
    assert [entry["on"] for entry in resting.events("carrier")] == [True, False]
    resting.start()
    assert resting.status()["wires"]["layer_three"] is True
    resting.await_state(resting.announce("--all"), "on_air")
    time.sleep(4)
    assert resting.carrier  # held anew while it sounds
    for name in ("supervisor", "daemon", "web"):
        resting.kill(name)
    resting.wait(lambda: not resting.carrier, 3, "the board did not let go")


def test_a_daemon_that_is_stopped_keeps_no_contact_closed(resting: Station) -> None:
    assert doctor_says(resting, "--key", answers="yes\nyes\n").returncode == 0
    resting.start()
    resting.await_state(resting.announce("--all"), "on_air")
    resting.kill("supervisor", signal.SIGSTOP)
    resting.kill("daemon", signal.SIGSTOP)
    resting.wait(lambda: not resting.carrier, 3, "the board did not let go")
    for name in ("supervisor", "daemon"):
        resting.kill(name)


def measured(one: Plant) -> str:
    """Return what the doctor says after keying."""
    said: list[Sentence] = []
    return " ".join(str(f.sentence) for f in doctor.key_for_two_seconds(one.settings, one.hardware, said.append, 1.0))


@pytest.mark.parametrize(
    ("kind", "prolongs", "says"),
    [
        ("waveshare", True, "by itself: measured"),
        ("waveshare", False, "timer relay into the transmitter's key line"),
        ("lcus", True, "The key was on for two seconds (read back)"),
        ("rts", True, "The key was on for two seconds (commanded)"),
    ],
)
def test_what_is_said_of_each_board(kind: str, prolongs: bool, says: str, tmp_path: Path) -> None:
    with plant(kind, tmp_path) as one:
        if isinstance(one.board, RelayBoard):
            one.board.prolongs = prolongs
        assert says in measured(one)
        assert one.comes_to(False)
        assert one.hardware.has_layer_three is (kind == "waveshare" and prolongs)


def test_a_key_that_does_not_let_go_is_shouted_about(tmp_path: Path) -> None:
    with plant("lcus", tmp_path) as one:
        one.act()
        one.line.set_faults(["stuck"])
        assert "THE TRANSMITTER MAY STILL BE ON AIR" in measured(one)


def test_the_button_on_the_wall_sounds_an_emergency(tmp_path: Path) -> None:
    with station(tmp_path, **INPUTS) as running:
        bulletin = running.announce("--clusters", "2")
        running.await_state(bulletin, "on_air")
        home = Home(running.home)
        client.ask(home, {"do": "input", "number": 8, "closed": True})
        running.wait(lambda: len(running.open_clusters) == 10, 10, "the emergency did not open the clusters")
        client.ask(home, {"do": "input", "number": 8, "closed": False})
        assert running.row(bulletin)["state"] == "aborted"
        running.wait(lambda: (running.latest("on_air") or {}).get("origin") == "button", 5, "not in the log book")
        assert running.run("emergency", "stop").returncode == 0
        running.wait(lambda: not running.carrier and not running.open_clusters, 10, "it went on")


@needs_chromium
def test_a_plug_that_is_pulled_out_is_seen_in_one_sentence_and_is_well_again_by_itself(tmp_path: Path) -> None:
    with station(tmp_path) as running, chromium(f"http://127.0.0.1:{running.port}") as browser:
        browser.first_sign_in("admin", running.printed_password)
        running.await_state(running.announce("--clusters", "2"), "on_air")
        running.run("simulate", "--faults", "unplugged")
        faults = browser.page.get_by_role("region", name="Sự cố")
        faults.get_by_text("bị rút ra: xin cắm lại").first.wait_for(timeout=10_000)
        running.run("simulate", "--faults", "none")
        browser.page.get_by_text("Đã tự tốt trở lại").first.wait_for(timeout=10_000)
        running.wait(lambda: not running.carrier, 20, "the carrier stuck")


def test_a_failed_unkey_is_on_every_page_and_holds_back_all_but_an_emergency(tmp_path: Path) -> None:
    with station(tmp_path) as running:
        running.await_state(running.announce("--clusters", "2"), "on_air")
        running.run("simulate", "--faults", "stuck")
        running.run("stop")
        running.wait(lambda: any(f["latched"] for f in running.status()["faults"]), 15, "no alarm")
        assert running.run("announce", "--text", "thử", "--all").returncode == 1
        running.run("simulate", "--faults", "none")
        assert running.run("emergency", "start").returncode == 0
        running.wait(lambda: len(running.open_clusters) == 10, 10, "an emergency was held back")
        assert running.run("emergency", "stop").returncode == 0


def test_who_asks_for_nonsense_of_the_field_is_told(resting: Station) -> None:
    with pytest.raises(BroadcasterError):
        client.ask(Home(resting.home), {"do": "input", "number": 99, "closed": True})


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_terminal_that_closes_during_check_leaves_no_carrier(number: int, resting: Station) -> None:
    command = [sys.executable, "-m", "broadcaster", "check", "--key"]
    with subprocess.Popen(
        command, env=resting.variables, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdin is not None
        process.stdin.write(b"yes\nyes\n")
        process.stdin.flush()
        resting.wait(lambda: resting.carrier, 10, "it did not key")
        process.send_signal(number)
        resting.wait(lambda: not resting.carrier, 1.0, "the carrier stuck")
