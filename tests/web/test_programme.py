from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import Engine

from broadcaster.control.server import ControlServer
from broadcaster.model.broadcast import Broadcast, new_broadcast_id
from broadcaster.model.recurrence import Recurrence
from broadcaster.model.schedule import Schedule, Target
from broadcaster.storage import broadcasts, schedules
from tests.people import plan
from tests.web.conftest import SETTINGS, Ear, Person
from tests.web.test_live import CURRENT, status
from web.station import Station

ZONE = SETTINGS.station.zone
TODAY = datetime.now(ZONE).date()


def put(book: Engine, station: Station, **more: object) -> Schedule:
    rule = Recurrence(time(17), TODAY)
    values = {"id": "s1", "title": "Họp thôn", "sound": "x", "target": Target(everyone=True), "recurrence": rule}
    one = Schedule(**{**values, "duration": 60.0, **more})  # type: ignore[arg-type]
    plan(book, one, station.ground)
    return one


def test_the_next_seven_days_in_order(lan: Person, book: Engine, station: Station) -> None:
    put(book, station)
    put(book, station, id="s2", title="Buổi sáng", recurrence=Recurrence(time(5, 30), TODAY + timedelta(days=2)))
    page = lan.client.get("/programme").text
    assert "mỗi ngày lúc 17:00" in page
    assert page.count("17:00</strong>") >= 7
    week = page.split("Bảy ngày tới")[1]
    third = f"{TODAY + timedelta(days=2):%d/%m/%Y}"
    assert week.index(third) < week.index("Buổi sáng")


def test_what_will_be_refused_or_must_wait_is_marked(lan: Person, book: Engine, station: Station) -> None:
    put(book, station, id="s1", recurrence=Recurrence(time(3, 15), TODAY))
    put(book, station, id="s2", title="Một")
    put(book, station, id="s3", title="Hai")
    page = lan.client.get("/programme").text
    assert "rơi vào giờ yên tĩnh" in page
    assert "Phải chờ: lúc đó “Một” còn đang phát" in page


def test_pause_resume_delete(lan: Person, book: Engine, station: Station, daemon: Ear) -> None:
    put(book, station)
    lan.post("/programme/s1/pause", {"revision": "1"}, on="/programme")
    assert schedules.current(book)[0].paused
    assert "17:00</strong>" not in lan.client.get("/programme").text
    lan.post("/programme/s1/resume", {"revision": "2"}, on="/programme")
    assert not schedules.current(book)[0].paused
    lan.post("/programme/s1/delete", {"revision": "3"})
    assert schedules.current(book) == []
    assert daemon.told == ["schedules changed"] * 3
    assert lan.client.get("/programme/s1").status_code == 404


def test_a_page_that_is_older_than_a_change_does_nothing(lan: Person, book: Engine, station: Station) -> None:
    put(book, station)
    lan.post("/programme/s1/pause", {"revision": "1"}, on="/programme")
    answer = lan.post("/programme/s1/delete", {"revision": "1"})
    assert "Lan đã sửa bản tin này" in answer.text
    assert len(schedules.current(book)) == 1
    gone = lan.post("/programme/nothing/pause", {"revision": "1"}, on="/programme")
    assert "đã xóa" in gone.text


def test_what_was_announced_for_later_can_be_cancelled(
    lan: Person, book: Engine, station: Station, daemon: Ear
) -> None:
    due = station.clock.now() + 86400
    broadcast = Broadcast(new_broadcast_id(due), "Cúp điện", frozenset({1}), due=due, duration=30)
    broadcasts.add(book, broadcast, station.ground)
    page = lan.client.get("/programme").text
    assert f"/programme/cancel/{broadcast.id}" in page
    lan.post(f"/programme/cancel/{broadcast.id}", on="/programme")
    assert daemon.told == ["cancel"]


def test_what_is_over_is_put_aside(lan: Person, book: Engine, station: Station) -> None:
    put(book, station, recurrence=Recurrence.once(time(17), date(2026, 1, 1)))
    page = lan.client.get("/programme").text
    assert "Đã xong: 1" in page
    assert "Chưa có lịch phát nào" in page


@pytest.mark.parametrize("path", ["programme/s1/pause", "programme/s1/delete", "approvals/s1/take-back"])
@pytest.mark.parametrize("on_air", ["s1", "s2"])
def test_silence_is_not_claimed_of_what_is_on_air(
    path: str, on_air: str, lan: Person, book: Engine, station: Station
) -> None:
    put(book, station)
    known = status(current={**CURRENT, "id": "b1", "schedule": on_air})
    server = ControlServer(station.home.control_socket, {"status": lambda _: known})
    page = lan.post(f"/{path}", {"revision": "1"}, on="/account", follow_redirects=True).text
    server.close()
    assert ("Nhưng bản tin này đang phát" in page) is (on_air == "s1")
