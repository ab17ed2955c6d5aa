from __future__ import annotations

from datetime import datetime, timedelta
from datetime import time as clock_time

import pytest

from broadcaster.model.recurrence import Recurrence
from broadcaster.storage import broadcasts
from tests.web.conftest import Ear, Person
from tests.web.test_programme import TODAY, put
from web.station import Station


@pytest.fixture(autouse=True)
def noon(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime.combine(TODAY, clock_time(12), station.settings.station.zone).timestamp()
    monkeypatch.setattr(station.clock, "now", lambda: moment, raising=False)


def test_two_presses_and_back_again(lan: Person, station: Station, daemon: Ear) -> None:
    put(station.log_book, station, title="Họp thôn", recurrence=Recurrence(clock_time(17), TODAY))
    assert "Hôm nay không phát nữa…" in lan.client.get("/").text
    assert "Họp thôn" in lan.client.get("/day-off").text
    assert "Hôm nay không phát nữa" in lan.post("/day-off", follow_redirects=True).text
    page = lan.client.get("/").text
    assert "Lan đã quyết định" in page
    assert [row["state"] for row in broadcasts.history(station.log_book)] == ["aborted"]
    assert "1 bản tin của hôm nay sẽ phát lại" in lan.post("/day-off/take-back", follow_redirects=True).text
    assert "Lan đã quyết định" not in lan.client.get("/").text
    assert daemon.told.count("schedules changed") == 2


def test_with_nothing_planned_there_is_nothing_to_press(lan: Person, station: Station) -> None:
    put(station.log_book, station, recurrence=Recurrence(clock_time(17), TODAY + timedelta(days=1)))
    assert "Hôm nay không phát nữa…" not in lan.client.get("/").text
    assert "không còn bản tin nào" in lan.client.get("/day-off").text
