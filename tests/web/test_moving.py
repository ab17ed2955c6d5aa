from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import Engine

from broadcaster.model.recurrence import Recurrence
from broadcaster.storage import approvals, schedules
from tests.clock import NOON
from tests.people import approve
from tests.web.conftest import Person
from tests.web.test_bulletin import GOOD, TOMORROW, ZONE
from web.station import Station

pytestmark = pytest.mark.usefixtures("daemon")
DAILY = {**GOOD, "when": "repeating"}


def due_on(day: date) -> int:
    return int(datetime.combine(day, time(17), ZONE).timestamp())


def test_tomorrow_is_moved_by_half_an_hour_and_the_day_after_is_not(lan: Person, book: Engine) -> None:
    lan.post("/bulletin", DAILY)
    link = re.findall(r'href="(/programme/\w+/move/\d+)"', lan.client.get("/programme").text)[0]
    assert 'value="17:00"' in lan.client.get(link).text
    answer = lan.post(link, {"at": "17:30"}, follow_redirects=True)
    assert "Đã chuyển" in answer.text
    sheet = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", lan.client.get("/programme/week").text))
    day, after = (f"{TOMORROW + timedelta(days=number):%d/%m}" for number in (0, 1))
    assert f"{day} 17:30 Họp thôn" in sheet
    assert f"{after} 17:00 Họp thôn" in sheet
    assert sheet.count("17:30 Họp thôn") == 1
    assert len(schedules.current(book)) == 2


def test_until_it_is_approved_the_old_time_holds(lan: Person, book: Engine, station: Station) -> None:
    approvals.decide_rule(book, 2, "Số 2", "Lan", NOON, station.key)
    lan.post("/bulletin", DAILY)
    (one,) = schedules.current(book)
    approve(book, one.id, "Hoa", station.ground)
    answer = lan.post(f"/programme/{one.id}/move/{due_on(TOMORROW)}", {"at": "17:30"}, follow_redirects=True)
    assert "chưa duyệt vẫn phát lúc 17:00" in answer.text
    assert "Việc chuyển giờ chưa được duyệt" in answer.text
    sheet = lan.client.get("/programme/week").text
    assert "<td>17:30</td>" not in sheet
    assert sheet.count("<td>17:00</td>") >= 6


@pytest.mark.parametrize(("at", "said"), [("", "ví dụ 17:00"), ("25:00", "ví dụ 17:00"), ("03:15", "giờ yên tĩnh")])
def test_what_cannot_be_is_said(at: str, said: str, lan: Person, book: Engine) -> None:
    lan.post("/bulletin", DAILY)
    (one,) = schedules.current(book)
    answer = lan.post(f"/programme/{one.id}/move/{due_on(TOMORROW)}", {"at": at})
    assert answer.status_code == 422
    assert said in answer.text
    assert len(schedules.current(book)) == 1


def test_what_is_no_session_cannot_be_moved(lan: Person, book: Engine) -> None:
    lan.post("/bulletin", DAILY)
    (one,) = schedules.current(book)
    assert lan.client.get(f"/programme/{one.id}/move/{due_on(TOMORROW) + 60}").status_code == 404
    assert lan.client.get(f"/programme/{one.id}/move/1000").status_code == 404


def test_deleting_is_taken_back_with_one_press(lan: Person, book: Engine) -> None:
    lan.post("/bulletin", DAILY)
    (one,) = schedules.current(book)
    page = lan.post(f"/programme/{one.id}/delete", {"revision": "1"}, follow_redirects=True).text
    assert f'action="/programme/{one.id}/restore"' in page
    lan.post(f"/programme/{one.id}/restore", on="/programme")
    (back,) = schedules.current(book)
    assert back.recurrence == one.recurrence
    assert lan.post(f"/programme/{one.id}/restore", on="/programme").status_code == 409


def test_the_programme_is_searched_and_leafed_through(lan: Person, station: Station) -> None:
    for number in range(45):
        at = (datetime.combine(TOMORROW, time(6)) + timedelta(minutes=15 * number)).time()
        lan.post("/bulletin", {**GOOD, "title": f"Tin số {number}", "at": f"{at:%H:%M}"})
    assert lan.client.get("/programme").text.count('class="card schedule') == 40
    assert lan.client.get("/programme?page=1").text.count('class="card schedule') == 5
    found = lan.client.get("/programme?search=SỐ 44").text
    assert found.count('class="card schedule') == 1
    assert Recurrence.once(at, TOMORROW) == station.planned.coming()[-1][1].recurrence
