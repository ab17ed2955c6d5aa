from __future__ import annotations

import pytest

from broadcaster.config import own
from tests.web.conftest import Person
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
    [("timezone", "Asia/Nowhere", "timezone"), ("quiet_from", "25:00", "quiet_from"), ("name", "", "name")],
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
