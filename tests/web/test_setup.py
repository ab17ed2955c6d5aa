from __future__ import annotations

import pytest
from sqlalchemy import Engine

from broadcaster.config import own
from broadcaster.model.broadcast import Broadcast
from broadcaster.model.recurrence import Recurrence
from broadcaster.storage import broadcasts, schedules
from tests.web.conftest import Person
from tests.web.test_programme import put
from web.own_settings import shown
from web.station import Station


def typed(station: Station, **more: str) -> dict[str, object]:
    return {**shown(station.settings), **more}


def test_name_and_quiet_hours_are_set_and_said(lan: Person, station: Station) -> None:
    answer = lan.post("/setup/station", typed(station, name="Đài xã Mới", quiet_from="20:30"))
    assert answer.status_code == 302
    assert own.read(station.home.set_on_pages) == {"name": "Đài xã Mới", "quiet_from": "20:30"}
    page = lan.client.get("/setup").text
    assert "Đài xã Mới" in page
    assert "20:30" in page
    assert "khởi động lại" in page
    told = lan.client.get("/audit").text
    assert told.index("Đài truyền thanh xã Sơn Giang") < told.index("Đài xã Mới")


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("timezone", "Asia/Nowhere", "timezone"),
        ("quiet_from", "25:00", "quiet_from"),
        ("name", "", "name"),
        ("name", "x" * 101, "100"),
        ("technician_phone", "0" * 41, "40"),
    ],
)
def test_what_makes_no_sense_is_not_kept(key: str, value: str, said: str, lan: Person, station: Station) -> None:
    answer = lan.post("/setup/station", typed(station, **{key: value}))
    assert answer.status_code == 422
    assert said in answer.text
    assert not station.home.set_on_pages.exists()


def test_nothing_changed_is_nothing_set(lan: Person, station: Station) -> None:
    lan.post("/setup/station", typed(station))
    assert not station.home.set_on_pages.exists()
    assert "khởi động lại" not in lan.client.get("/setup").text


def test_without_the_controller_the_devices_are_left_alone(lan: Person) -> None:
    assert lan.client.get("/setup/devices").status_code == 503


def test_what_no_eye_can_see_is_not_kept(lan: Person, station: Station) -> None:
    lan.post("/setup/station", typed(station, name="Đài\x07xã\u200bMới"))
    assert own.read(station.home.set_on_pages) == {"name": "Đài xã Mới"}


def test_another_time_zone_owes_nothing_twice(lan: Person, book: Engine, station: Station) -> None:
    """What sounds as the clock strikes has its session today: at the same hour further west it is called off."""
    now = station.clock.now()
    today = station.local(now)
    put(book, station, recurrence=Recurrence(today.time().replace(second=0, microsecond=0), today.date()))
    call_off = {"state": "aborted", "title": "Họp thôn"}
    due = today.replace(second=0, microsecond=0).timestamp()
    broadcasts.add(book, Broadcast("b1", "Họp thôn", frozenset([1]), due=due, schedule="s1"), station.ground)
    lan.post("/setup/station", typed(station, timezone="Asia/Dhaka"))  # one hour behind
    found = [one for one in broadcasts.history(book) if one["id"] != "b1"]
    if today.hour < 23:
        assert [{key: one[key] for key in call_off} for one in found] == [call_off]
    assert "s1" in {one.id for one in schedules.current(book)}
