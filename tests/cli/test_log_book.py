"""Commands that work on the log book alone: report, preview, user."""

from __future__ import annotations

import csv
import json
import re
import time
from datetime import date, datetime
from pathlib import Path

import pytest

from broadcaster.cli import main
from broadcaster.home import Home
from broadcaster.model.evidence import Evidence
from broadcaster.model.recurrence import Recurrence
from broadcaster.model.schedule import Schedule, Target
from broadcaster.storage import intervals, passwords, schedules
from broadcaster.storage.database import database_url, open_database
from tests.people import person

CONFIG = Path(__file__).parents[2] / "config" / "clusters.toml"
Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("BROADCASTER_HOME", str(tmp_path))
    monkeypatch.setenv("CONFIG", str(CONFIG))
    monkeypatch.setenv("BROADCASTER_LANGUAGE", "en")
    return Home(tmp_path).make()


def book(home: Home):  # type: ignore[no-untyped-def]
    return open_database(database_url(home.database, {}))


def test_a_report_for_people_programs_and_spreadsheets(home: Home, capsys: Said) -> None:
    engine = book(home)
    intervals.enter(engine, "controller", "up", Evidence.ACKNOWLEDGED, time.time() - 3600)
    intervals.end_all(engine, time.time() - 1800)
    engine.dispose()
    first = f"{date.today().replace(day=1)}"  # noqa: DTZ011
    assert main(["report", "--from", first]) == 0
    assert "SIMULATION" in capsys.readouterr().out
    assert main(["report", "--from", first, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["controller"]["up_s"] == pytest.approx(1800, abs=2)
    assert data["controller"]["unknown_s"] == pytest.approx(1800, abs=2)
    assert main(["report", "--from", first, "--csv"]) == 0
    assert ["controller", "up", "1800", "s"] in list(csv.reader(capsys.readouterr().out.splitlines()))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["report", "--from", "soon"], "is no day"),
        (["report", "--from", "2026-11-02", "--to", "2026-11-01"], "ends before it begins"),
        (["preview", "--day", "2026-13-01"], "is no day"),
        (["user", "add"], "Say whom"),
        (["user", "list", "Lan"], "Say whom"),
        (["user", "reset", "nobody"], "no user nobody"),
        (["report", "--json", "--csv"], "not allowed with"),
    ],
)
def test_wrong_usage_is_one_sentence_and_status_2(arguments: list[str], sentence: str, capsys: Said) -> None:
    assert main(arguments) == 2
    assert sentence in capsys.readouterr().err


def test_preview_lists_what_will_sound(home: Home, capsys: Said) -> None:
    engine = book(home)
    rule = Recurrence(datetime.strptime("17:00", "%H:%M").time(), date(2026, 1, 1))  # noqa: DTZ007
    one = Schedule("s1", "Họp thôn", "x", Target(everyone=True), rule, duration=60)
    schedules.add(engine, one, person(engine, "Lan"), time.time())
    engine.dispose()
    assert main(["preview", "--from", "2030-01-01", "--to", "2030-01-03"]) == 0
    out = capsys.readouterr().out
    assert out.count("Họp thôn") == 3
    assert "01/01/2030 17:00:00" in out
    assert main(["preview", "--day", "2030-01-01", "--json"]) == 0
    (only,) = json.loads(capsys.readouterr().out)["broadcasts"]
    assert only["clusters"] == list(range(1, 11))


def test_users_come_and_go(home: Home, capsys: Said) -> None:
    assert main(["user", "add", "Lan"]) == 0
    given = re.findall(r"password: (\S+)", capsys.readouterr().out)[0]
    engine = book(home)
    user = passwords.check(engine, "LAN", given, "", time.time())
    assert user is not None
    assert user.must_change
    assert main(["user", "disable", "Lan"]) == 2
    assert "last administrator" in capsys.readouterr().err
    assert main(["user", "add", "Hoa", "--role", "administrator", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "Hoa"
    assert main(["user", "add", "hoa"]) == 2
    capsys.readouterr()
    assert main(["user", "disable", "Lan"]) == 0
    assert passwords.check(engine, "Lan", given, "", time.time()) is None
    assert main(["user", "reset", "Lan"]) == 0
    again = re.findall(r"password: (\S+)", capsys.readouterr().out)[0]
    assert passwords.check(engine, "Lan", again, "", time.time()) is not None
    assert main(["user", "list"]) == 0
    assert "Hoa" in capsys.readouterr().out
    engine.dispose()
