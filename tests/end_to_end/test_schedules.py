"""Schedules on the whole station: what a hand writes into the log book, crashes, changes at the last moment."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from broadcaster.config.loading import load
from broadcaster.control.client import ControlClient
from broadcaster.home import Home
from broadcaster.model.recurrence import Recurrence
from broadcaster.model.schedule import Schedule, Target
from broadcaster.seal import secret_key
from broadcaster.sound.library import Library
from broadcaster.storage.database import database_url, open_database
from broadcaster.storage.ground import Ground
from tests.end_to_end.station import BULLETIN, Station, station
from tests.people import plan

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Station]:
    with station(tmp_path) as one:
        yield one


def asset(running: Station) -> str:
    return Library(running.home / "library").ingest(BULLETIN, title="bulletin", longest_s=60).id


def write(running: Station, at: datetime, sound: str) -> None:
    """Put an approved schedule into the log book, past the page with its checks."""
    rule = Recurrence(at.timetz().replace(tzinfo=None), at.date())
    one = Schedule("by-hand", "Past the page", sound, Target((2,)), rule, duration=8, before=1, after=1)
    engine = open_database(database_url(running.home / "broadcaster.sqlite3", {}))
    ground = Ground(ZONE, load(running.config).network, time.time(), secret_key(Home(running.home)))
    plan(engine, one, ground)
    engine.dispose()


def by_hand(running: Station, statement: str) -> None:
    """Change the log book behind everybody's back."""
    with closing(sqlite3.connect(running.home / "broadcaster.sqlite3", timeout=10)) as database, database:
        database.execute(statement)


def rows(running: Station, schedule: str = "by-hand") -> list[dict[str, object]]:
    with closing(sqlite3.connect(f"file:{running.home / 'broadcaster.sqlite3'}?mode=ro", uri=True)) as database:
        database.row_factory = sqlite3.Row
        found = database.execute("SELECT * FROM broadcasts WHERE schedule_id = ?", (schedule,)).fetchall()
    return [dict(row) for row in found]


def soon(seconds: float) -> datetime:
    return (datetime.now(ZONE) + timedelta(seconds=seconds)).replace(microsecond=0)


def test_by_hand_in_quiet_hours_it_ends_refused_and_no_relay_moves(tmp_path: Path) -> None:
    now = datetime.now(ZONE)
    quiet = {"quiet_from": f"{now - timedelta(hours=2):%H:%M}", "quiet_until": f"{now + timedelta(hours=2):%H:%M}"}
    with station(tmp_path, rules=quiet) as running:
        sound = asset(running)
        before = running.events("relay")
        write(running, soon(8), sound)
        running.wait(lambda: [row["state"] for row in rows(running)] == ["refused"], 15, "not refused")
        time.sleep(10)
        assert running.events("relay") == before
        assert "quiet hours" in str(rows(running)[0]["reason"])


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE schedules SET text = 'something else', revision = 2",
        'UPDATE schedules SET target = \'{"clusters": [3], "group": "", "all": false}\', revision = 2',
        "UPDATE schedules SET version = 2, revision = 2",
    ],
)
def test_what_a_hand_has_changed_since_it_was_approved_moves_no_relay(forgery: str, running: Station) -> None:
    before = running.events("relay")
    write(running, soon(30), asset(running))
    by_hand(running, forgery)
    running.wait(lambda: [row["state"] for row in rows(running)] == ["refused"], 30, "not refused")
    time.sleep(1)
    assert running.events("relay") == before
    assert "approved" in str(rows(running)[0]["reason"])
    assert "broadcast" in kinds(running)


def test_a_sound_file_that_was_changed_since_it_was_approved_does_not_sound(running: Station) -> None:
    sound = asset(running)
    write(running, soon(9), sound)
    path = running.home / "library" / f"{sound}.wav"
    content = bytearray(path.read_bytes())
    content[20000] ^= 1
    path.write_bytes(content)
    running.wait(lambda: [row["state"] for row in rows(running)] == ["failed"], 15, "not failed")
    assert "changed after it was approved" in str(rows(running)[0]["reason"])
    assert running.recordings(2) == []


def test_a_crash_before_and_in_its_time_lets_it_sound_at_most_once(running: Station) -> None:
    sound = asset(running)
    due = soon(26)
    write(running, due, sound)
    running.wait(lambda: [row["state"] for row in rows(running)] == ["queued"], 12, "not settled")
    running.kill("daemon")
    running.wait(lambda: bool(running.events("carrier")), 30, "did not sound after the first crash")
    running.wait(lambda: rows(running)[0]["state"] == "on_air", 20, "not on air")
    assert abs(float(str(rows(running)[0]["on_air_at"])) - due.timestamp()) < 0.4
    running.kill("daemon")
    running.wait(lambda: rows(running)[0]["state"] == "failed", 20, "not accounted for")
    time.sleep(8)
    assert [row["state"] for row in rows(running)] == ["failed"]
    assert len(running.recordings(2)) == 1


def test_deleted_at_the_last_moment_it_does_not_sound(running: Station) -> None:
    sound = asset(running)
    write(running, soon(10), sound)
    running.wait(lambda: rows(running) != [] and rows(running)[0]["state"] == "preparing", 10, "not prepared")
    by_hand(running, "UPDATE schedules SET removed = 1, revision = 2")
    time.sleep(12)
    assert running.recordings(2) == []
    assert running.latest("aborted") is not None


def test_preview_says_what_then_sounds(running: Station) -> None:
    sound = asset(running)
    due = soon(3600)
    write(running, due, sound)
    done = running.run("preview", "--json")
    assert done.returncode == 0, done.stderr
    assert f'"due": {due.timestamp()}' in done.stdout
    assert running.run("preview", "--day", "tomorrow").returncode == 2
    assert running.run("preview", "--from", "2027-01-02", "--to", "2027-01-01").returncode == 2


def test_who_has_seen_another_fault_has_not_said_that_the_clock_is_right(tmp_path: Path) -> None:
    seen = tmp_path / "home" / "run" / "last-seen"
    seen.parent.mkdir(parents=True)
    seen.touch()
    os.utime(seen, (time.time() + 86400, time.time() + 86400))
    with station(tmp_path) as running:
        client = ControlClient(running.home / "run" / "control.sock")
        running.wait(lambda: "clock" in kinds(running), 10, "a clock that has gone back was not noticed")
        client.ask("acknowledge", by="Lan")
        time.sleep(1)
        assert "clock" in kinds(running)
        refused = running.run("announce", "--text", "Thử", "--all")
        assert (refused.returncode, "clock" in refused.stderr) == (1, True)
        client.ask("acknowledge", by="Lan", clock=True)
        running.wait(lambda: "clock" not in kinds(running), 10, "the clock is still doubted")


def kinds(running: Station) -> list[str]:
    return [fault["kind"] for fault in running.status()["faults"]]


@pytest.mark.parametrize("how", ["stop", "unkey"])
def test_what_is_only_being_prepared_can_be_stopped_too(how: str, running: Station) -> None:
    sound = asset(running)
    client = ControlClient(running.home / "run" / "control.sock", within_s=15)
    broadcast = str(client.ask("announce", sound=sound, title="Too soon", all=True)["id"])
    client.ask(how)
    row = running.await_state(broadcast, within_s=10)
    assert (row["state"], row["keyed_at"]) == ("aborted", None)
    assert running.events("carrier") == [] or not running.carrier
    assert running.recordings(1) == []
