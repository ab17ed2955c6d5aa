"""Quiet hours at the door and at the output; configuration faults; bad input."""

from __future__ import annotations

import json
import tomllib
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.end_to_end.station import BULLETIN, Station, station, write_config

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """A station whose quiet hours are now."""
    now = datetime.now(ZONE)
    rules = {
        "quiet_from": f"{now - timedelta(hours=2):%H:%M}",
        "quiet_until": f"{now + timedelta(hours=2):%H:%M}",
    }
    relay = {"name": "vov1", "title": "VOV1", "addresses": ["http://127.0.0.1:9/"]}
    with station(tmp_path_factory.mktemp("quiet"), rules=rules, **{"[relay]": relay}) as running:
        yield running


def test_quiet_hours_refuse_all_but_an_emergency(quiet: Station) -> None:
    quiet_until = tomllib.loads(quiet.config.read_text(encoding="utf-8"))["rules"]["quiet_until"]
    ends = datetime.combine(datetime.now(ZONE), time.fromisoformat(quiet_until))
    until = f"{ends + timedelta(minutes=1):%H:%M}"  # carrier and codes come first
    for what in (("--file", str(BULLETIN)), ("--relay", "vov1", "--minutes", "1")):
        done = quiet.run("announce", *what, "--all")
        assert done.returncode == 1
        assert f"earliest start allowed is {until}" in done.stderr
    assert quiet.events() == []
    assert list((quiet.home / "library").iterdir()) == []
    assert quiet.run("emergency", "start").returncode == 0
    quiet.wait(lambda: len(quiet.open_clusters) == 10, 10, "the emergency was held back")
    quiet.run("emergency", "stop")
    quiet.wait(lambda: not quiet.carrier, 8, "the carrier stuck")


def test_a_row_behind_the_doors_back_is_refused_at_the_output(tmp_path: Path) -> None:
    """Queued by day, and then the commune moves its quiet hours over it: the door never sees it again."""
    now = datetime.now(ZONE)
    with station(tmp_path) as running:
        broadcast = running.announce("--all", "--at", (now + timedelta(seconds=30)).isoformat())
        running.end()
        later = {"quiet_from": f"{now - timedelta(hours=2):%H:%M}", "quiet_until": f"{now + timedelta(hours=2):%H:%M}"}
        write_config(running.config, rules=later)
        running.start()
        seen = len(running.events("relay"))
        row = running.await_state(broadcast)
        assert row["state"] == "refused"
        assert "earliest start allowed" in json.loads(row["reason"])["text"]
        assert len(running.events("relay")) == seen


def test_what_waits_for_a_cluster_that_is_gone_ends_with_its_reason(tmp_path: Path) -> None:
    with station(tmp_path) as running:
        gone = running.announce("--clusters", "10", "--at", (datetime.now(ZONE) + timedelta(hours=1)).isoformat())
        running.end()
        config = running.config.read_text()
        running.config.write_text(config[: config.rindex("[[cluster]]")])
        running.start()
        row = running.await_state(gone)
        assert row["state"] == "failed"
        assert json.loads(row["reason"])["values"]["number"] == 10
        running.await_state(running.announce("--clusters", "9"), "completed")


def test_at_a_given_time_the_first_sample_falls_on_the_second(shared: Station) -> None:
    due = (datetime.now(ZONE) + timedelta(seconds=6)).replace(microsecond=0)
    broadcast = shared.announce("--clusters", "3", "--at", due.isoformat())
    row = shared.await_state(broadcast)
    assert row["state"] == "completed"
    assert abs(row["on_air_at"] - due.timestamp()) < 0.4


NO_SOUND = {
    "text.mp3": b"This is no sound at all.\n" * 100,
    "empty.mp3": b"",
    "list.m3u": b"#EXTM3U\nhttp://127.0.0.1:9/stream.mp3\n",
    "list.ffconcat": b"ffconcat version 1.0\nfile '/etc/hostname'\n",
    "truncated.mp3": BULLETIN.read_bytes()[: BULLETIN.stat().st_size // 2] if BULLETIN.exists() else b"",
}


@pytest.mark.parametrize("name", sorted(NO_SOUND))
def test_what_is_no_sound_is_refused_in_a_sentence(name: str, shared: Station, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(NO_SOUND[name])
    _refused(shared, "--file", str(path), "--clusters", "1")


def test_an_endless_device_is_refused(shared: Station, tmp_path: Path) -> None:
    (tmp_path / "endless.mp3").symlink_to("/dev/zero")
    _refused(shared, "--file", str(tmp_path / "endless.mp3"), "--clusters", "1")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--text", "x" * 100_000, "--all"),
        ("--text", "  ", "--all"),
        ("--file", "/nowhere.mp3", "--all"),
        ("--file", str(BULLETIN), "--clusters", ""),
        ("--file", str(BULLETIN), "--clusters", "77"),
        ("--file", str(BULLETIN), "--clusters", "two"),
        ("--file", str(BULLETIN), "--group", "nowhere"),
        ("--file", str(BULLETIN)),
        ("--all",),
        ("--file", str(BULLETIN), "--all", "--at", "tomorrow"),
        ("--file", str(BULLETIN), "--all", "--at", "2020-01-01T10:00"),
    ],
)
def test_bad_requests_leave_nothing_behind(arguments: tuple[str, ...], shared: Station) -> None:
    _refused(shared, *arguments)


def test_a_name_with_slashes_and_vietnamese_letters(shared: Station, tmp_path: Path) -> None:
    odd = tmp_path / "bản tin"
    odd.mkdir()
    (odd / "thông báo số 1.mp3").write_bytes(BULLETIN.read_bytes())
    broadcast = shared.announce("--clusters", "1", file=odd / "thông báo số 1.mp3")
    assert shared.await_state(broadcast)["title"] == "thông báo số 1"


def _refused(running: Station, *arguments: str) -> None:
    before = sorted((running.home / "library").iterdir())
    pid = running.pid("daemon")
    done = running.run("announce", *arguments)
    assert done.returncode in (1, 2)
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert sorted((running.home / "library").iterdir()) == before
    assert running.pid("daemon") == pid
    assert running.status()["current"] is None


def test_every_configuration_fault_is_told_at_once(shared: Station, tmp_path: Path) -> None:
    text = shared.config.read_text()
    for old, new in (
        ('code = "02"', 'code = "01"'),
        ("number = 5", "number = 4"),
        ('name = "Thôn Sơn"', "nmae = 3"),
        ("lead_in_s = 0.2", "lead_in_s = -1"),
        ("time_out_s = 400", "time_out_s = 10"),
        ('kind = "dtmf"', 'kind = "dmtf"'),
        ('quiet_from = "00:00"', 'quiet_from = "25:00"'),
        ('groups = ["nam"]', 'groups = ["nan"]'),
        ("[station]", '[station]\ntimezone = "Asia/Ho_Chi_Min"'),
        ("[rules]", "[ruels]\n[rules]"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    (tmp_path / "bad.toml").write_text(text)
    done = shared.run("check", "--config", str(tmp_path / "bad.toml"))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) >= 11
    assert json.dumps(done.stdout) == '""'
