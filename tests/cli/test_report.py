"""What ``report`` prints, and what it refuses."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from broadcaster.cli import main
from broadcaster.home import Home
from broadcaster.model.evidence import Evidence
from broadcaster.storage import intervals
from broadcaster.storage.database import database_url, open_database

CONFIG = Path(__file__).parents[2] / "config" / "clusters.toml"
MIDNIGHT = datetime(2026, 3, 1, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")).timestamp()
MARCH = ["report", "--from", "2026-03-01", "--to", "2026-03-02"]
Said = pytest.CaptureFixture[str]


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("BROADCASTER_HOME", str(tmp_path))
    monkeypatch.setenv("BROADCASTER_LANGUAGE", "en")
    monkeypatch.setenv("CONFIG", str(CONFIG))
    engine = open_database(database_url(Home(tmp_path).make().database, {}))
    yield engine
    engine.dispose()


@pytest.fixture
def used(book: Engine) -> Engine:
    """Switched on at noon of the first day, on air across midnight for ten minutes, then without power."""
    noon = MIDNIGHT + 43_200
    intervals.enter(book, "controller", "up", Evidence.ACKNOWLEDGED, noon)
    intervals.enter(book, "transmitter", "off", Evidence.ACKNOWLEDGED, noon)
    intervals.enter(book, "transmitter", "on", Evidence.ACKNOWLEDGED, MIDNIGHT + 86_100)
    intervals.enter(book, "transmitter", "off", Evidence.ACKNOWLEDGED, MIDNIGHT + 86_700)
    intervals.end_all(book, noon + 86_400)
    return book


@pytest.mark.parametrize(
    ("period", "on_s", "up_s", "unknown_s"),
    [
        (MARCH[1:], 600, 86_400, 43_200),
        (["--from", "2026-03-01", "--to", "2026-03-01"], 300, 43_200, 0),
        (["--from", "2026-03-02", "--to", "2026-03-02"], 300, 43_200, 43_200),
        (["--from", "2026-03-03", "--to", "2026-03-03"], 0, 0, 86_400),
    ],
)
@pytest.mark.usefixtures("used")
def test_both_days_count_and_are_local(period: list[str], on_s: int, up_s: int, unknown_s: int, capsys: Said) -> None:
    assert main(["report", *period, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    told = data["transmitter"]["on_s"], data["controller"]["up_s"], data["controller"]["unknown_s"]
    assert told == (on_s, up_s, unknown_s)


@pytest.mark.usefixtures("used")
def test_a_table_has_every_figure_and_the_mark(capsys: Said) -> None:
    assert main([*MARCH, "--csv"]) == 0
    rows = [tuple(row) for row in csv.reader(capsys.readouterr().out.splitlines())]
    assert rows[1][0] == "MÔ PHỎNG / SIMULATION"
    assert {
        ("transmitter", "on", "600", "s"),
        ("controller", "unknown", "43200", "s"),
        ("cluster 3", "openings", "0", "count"),
        ("cluster 3", "unknown", "129600", "s"),
    } <= set(rows)


@pytest.mark.parametrize(("language", "mark"), [("vi", "MÔ PHỎNG"), ("en", "SIMULATION")])
@pytest.mark.usefixtures("used")
def test_a_simulated_station_says_so_first(
    language: str, mark: str, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    monkeypatch.setenv("BROADCASTER_LANGUAGE", language)
    assert main(MARCH) == 0
    assert mark in capsys.readouterr().out.splitlines()[0]


@pytest.mark.usefixtures("used")
def test_before_the_first_use_nothing_is_measured_and_it_says_so(capsys: Said) -> None:
    assert main(["report", "--from", "2026-02-01", "--to", "2026-02-28"]) == 0
    told = capsys.readouterr().out
    assert "not yet in use" in told
    assert "Outage" not in told


@pytest.mark.usefixtures("used")
def test_what_is_still_to_come_is_not_measured(capsys: Said) -> None:
    assert main(["report", "--from", "2026-03-01", "--to", "2999-12-31", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["measured_until"] < data["end"]
    assert data["controller"]["up_s"] == 86_400


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-02-30", "01/03/2026", "2026-03-01T00:00", ""])
@pytest.mark.parametrize("option", ["--from", "--to"])
@pytest.mark.usefixtures("book")
def test_what_is_no_day_is_one_sentence(day: str, option: str, capsys: Said) -> None:
    given = {"--from": "2026-03-01", "--to": "2026-03-02"} | {option: day}
    assert main(["report", *(word for pair in given.items() for word in pair)]) == 2
    told = capsys.readouterr()
    assert "is no day" in told.err
    assert told.out == ""
