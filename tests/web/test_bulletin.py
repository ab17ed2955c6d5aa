"""Every form with bad input: one clear sentence, what was typed is kept, nothing half saved."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from broadcaster.model.schedule import Schedule
from broadcaster.storage import schedules
from tests.end_to_end.station import BULLETIN
from tests.people import person
from tests.web.conftest import SETTINGS, Ear, Person
from web.station import Station

pytestmark = pytest.mark.usefixtures("daemon")
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TOMORROW = (datetime.now(ZONE) + timedelta(days=1)).date()
GOOD: dict[str, Any] = {
    "do": "save",
    "title": "Họp thôn",
    "kind": "text",
    "text": "Mời bà con đi họp.",
    "clusters": ["2", "3"],
    "when": "once",
    "day": TOMORROW.isoformat(),
    "at": "17:00",
    "first": TOMORROW.isoformat(),
    "weekdays": ["0", "1", "2", "3", "4", "5", "6"],
    "priority": "routine",
    "late_after": "10",
}


def saved(book: Engine) -> Schedule:
    (one,) = schedules.current(book)
    return one


def test_a_good_form_is_saved_and_said_in_words(lan: Person, book: Engine) -> None:
    answer = lan.post("/bulletin", GOOD, follow_redirects=True)
    assert "Đã lưu. “Họp thôn” phát một lần, lúc 17:00" in answer.text
    assert "Thôn Đông (2), Thôn Tây (3)" in answer.text
    one = saved(book)
    assert (one.recurrence.first, one.recurrence.is_once, one.target.clusters) == (TOMORROW, True, (2, 3))
    assert one.duration > 4
    assert one.before > SETTINGS.transmitter.lead_in_s


def test_all_ticked_means_all_also_of_clusters_that_come_later(lan: Person, book: Engine) -> None:
    lan.post("/bulletin", {**GOOD, "clusters": [str(n) for n in range(1, 11)]})
    assert saved(book).target.everyone


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": "  "}, "Xin đặt tên cho bản tin"),
        ({"title": "x" * 121}, "Tên dài quá"),
        ({"text": " "}, "Xin gõ nội dung"),
        ({"text": "a" * 20_001}, "20001"),
        ({"text": "!!! ???"}, "Chưa có gì để đọc"),
        ({"kind": "file"}, "Xin chọn tệp âm thanh"),
        ({"kind": "file", "sound": "../../etc/passwd"}, "không có âm thanh này"),
        ({"clusters": []}, "đánh dấu ít nhất một cụm loa"),
        ({"clusters": ["99"]}, "Không có cụm loa số 99"),
        ({"at": ""}, "Xin ghi giờ phát"),
        ({"at": "25:00"}, "Xin ghi giờ phát"),
        ({"day": "2020-01-01"}, "Ngày đó đã qua"),
        ({"day": "mai"}, "Xin ghi ngày"),
        ({"late_after": "-1"}, "Xin ghi số phút"),
        ({"late_after": "nan"}, "Xin ghi số phút"),
        ({"when": "repeating", "last": "2020-01-01"}, "Ngày kết thúc trước ngày bắt đầu"),
        ({"when": "repeating", "weekdays": []}, "đánh dấu ít nhất một ngày"),
        (
            {"when": "repeating", "last": TOMORROW.isoformat(), "weekdays": [str((TOMORROW.weekday() + 1) % 7)]},
            "không bao giờ phát",
        ),
        ({"priority": "emergency"}, "mức độ ưu tiên"),
        ({"at": "03:15"}, "05:00"),
        ({"at": "21:00"}, "giờ yên tĩnh"),
    ],
)
def test_bad_input(wrong: dict[str, Any], sentence: str, lan: Person, book: Engine) -> None:
    answer = lan.post("/bulletin", {**GOOD, **wrong})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert schedules.current(book) == []
    kept = {**GOOD, **wrong}
    assert f'value="{kept["title"]}"' in answer.text
    assert kept["text"] in answer.text


def test_a_time_that_has_passed_today(lan: Person, book: Engine) -> None:
    past = datetime.now(ZONE) - timedelta(minutes=2)
    answer = lan.post("/bulletin", {**GOOD, "day": f"{past:%Y-%m-%d}", "at": f"{past:%H:%M}"})
    assert answer.status_code == 422
    assert "đã qua" in answer.text
    assert schedules.current(book) == []


def test_a_quarter_past_three_is_refused_with_the_earliest_legal_start(lan: Person, book: Engine) -> None:
    answer = lan.post("/bulletin", {**GOOD, "when": "repeating", "at": "03:15"})
    assert f"05:01 {TOMORROW:%d/%m/%Y}" in answer.text
    assert schedules.current(book) == []


def test_a_file_that_is_no_sound(lan: Person, station: Station) -> None:
    before = sorted(station.home.library.iterdir())
    data = {**GOOD, "kind": "file", "file": (io.BytesIO(b"%PDF-1.7 not a sound"), "giay-moi.pdf")}
    answer = lan.post("/bulletin", data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "không phải là tệp âm thanh" in answer.text or "Đây không phải" in answer.text
    assert sorted(station.home.library.iterdir()) == before


def test_a_file_is_taken_without_scripts_too(lan: Person, book: Engine) -> None:
    data = {**GOOD, "kind": "file", "file": (BULLETIN.open("rb"), "họp thôn.mp3")}
    assert lan.post("/bulletin", data, content_type="multipart/form-data").status_code == 302
    assert saved(book).text == ""


def test_one_listens_to_the_finished_mix_before_saving(lan: Person, book: Engine, station: Station) -> None:
    answer = lan.post("/bulletin", {**GOOD, "do": "listen"})
    assert answer.status_code == 200
    sound = answer.text.split('src="/bulletin/mix/')[1].split('"')[0]
    mix = lan.client.get(f"/bulletin/mix/{sound}", buffered=True)
    assert mix.mimetype == "audio/wav"
    length = station.frame.seconds(sound)
    assert len(mix.data) == pytest.approx(length * 96_000, abs=100)
    assert schedules.current(book) == []
    part = lan.client.get(f"/bulletin/mix/{sound}", headers={"Range": "bytes=100-199"}, buffered=True)
    assert (part.status_code, len(part.data)) == (206, 100)


def test_an_upload_by_the_pages_script(lan: Person) -> None:
    data = {"kind": "file", "file": (BULLETIN.open("rb"), "họp.mp3")}
    answer = lan.post("/bulletin/sound", data, on="/bulletin", content_type="multipart/form-data")
    assert answer.json is not None
    assert answer.json["name"] == "họp.mp3"
    empty = lan.post("/bulletin/sound", {"kind": "file"}, on="/bulletin", content_type="multipart/form-data")
    assert (empty.status_code, empty.json) == (422, {"ok": False, "error": "Xin chọn tệp âm thanh."})


def test_a_sign_in_that_ends_while_one_types_keeps_what_was_typed(lan: Person, book: Engine) -> None:
    page = lan.client.get("/bulletin").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    lan.post("/sign-out", on="/password")
    answer = lan.client.post("/bulletin", data={**GOOD, "csrf_token": token})
    assert answer.status_code == 401
    assert "nội dung đã gõ vẫn còn" in answer.text
    inputs = dict(_hidden(answer.text))
    back = lan.client.post("/sign-in", data={**inputs, "name": "lan", "password": "nui-cao-song-dai"})
    assert back.headers["Location"] == "/bulletin"
    form = lan.client.get("/bulletin").text
    assert 'value="Họp thôn"' in form
    assert "Mời bà con đi họp." in form
    assert schedules.current(book) == []
    assert 'value="Họp thôn"' not in lan.client.get("/bulletin").text


def test_two_people_change_the_same_schedule(lan: Person, book: Engine, station: Station) -> None:
    lan.post("/bulletin", GOOD)
    one = saved(book)
    schedules.change(book, replace(one, title="Của Hoa"), person(book, "Hoa"), station.ground)
    answer = lan.post(f"/programme/{one.id}", {**GOOD, "title": "Của Lan", "revision": "1"})
    assert answer.status_code == 422
    assert "Hoa đã sửa bản tin này" in answer.text
    assert 'value="Của Lan"' in answer.text
    assert saved(book).title == "Của Hoa"


def test_changing_one_that_was_deleted_meanwhile(lan: Person, book: Engine, station: Station) -> None:
    lan.post("/bulletin", GOOD)
    one = saved(book)
    lan.client.get(f"/programme/{one.id}")
    schedules.remove(book, one.id, 1, person(book, "Hoa"), station.ground)
    answer = lan.post(f"/programme/{one.id}", {**GOOD, "revision": "1"}, on="/bulletin")
    assert answer.status_code == 409
    assert "đã xóa bản tin này" in answer.text


def test_a_form_shows_what_the_schedule_is(lan: Person, book: Engine) -> None:
    rule = {
        "when": "repeating",
        "weekdays": ["0", "4"],
        "last": "2030-12-31",
        "priority": "priority",
        "late_after": "25",
    }
    lan.post("/bulletin", {**GOOD, **rule})
    one = saved(book)
    page = lan.client.get(f"/programme/{one.id}").text
    for shown in (
        'value="2030-12-31"',
        'value="17:00"',
        'value="25"',
        "Mời bà con đi họp.",
        'value="priority" selected',
    ):
        assert shown in page
    lan.post(f"/programme/{one.id}", {**GOOD, **rule, "at": "17:30", "revision": "1"})
    changed = replace(one, recurrence=replace(one.recurrence, at=saved(book).recurrence.at), revision=2, version=2)
    assert saved(book) == changed
    assert saved(book).recurrence.at.minute == 30


def test_two_bulletins_at_the_same_time_are_noticed_before_saving(lan: Person, book: Engine) -> None:
    lan.post("/bulletin", GOOD)
    second = {**GOOD, "title": "Tiêm chủng"}
    answer = lan.post("/bulletin", second)
    assert answer.status_code == 409
    assert "Lúc đó đã có “Họp thôn”" in answer.text
    assert len(schedules.current(book)) == 1
    seen = answer.text.split('name="overlap_seen" value="')[1].split('"')[0]
    assert lan.post("/bulletin", {**second, "overlap_seen": seen}).status_code == 302
    assert len(schedules.current(book)) == 2


def test_without_a_controller_nothing_is_saved_and_everything_kept(
    lan: Person, book: Engine, daemon: Ear, station: Station
) -> None:
    daemon.server.close()
    station.home.control_socket.unlink(missing_ok=True)
    answer = lan.post("/bulletin", GOOD)
    assert answer.status_code == 503
    assert "không trả lời" in answer.text
    assert 'value="Họp thôn"' in answer.text
    assert schedules.current(book) == []


def test_far_dates_do_no_harm(lan: Person, book: Engine) -> None:
    for day in ("9999-12-31", "0001-01-01", "8999-12-31"):
        answer = lan.post("/bulletin", {**GOOD, "when": "repeating", "first": day})
        assert answer.status_code in (302, 422), day
    assert date(9999, 12, 31) not in [one.recurrence.first for one in schedules.current(book)]
    assert lan.client.get("/programme").status_code == 200


def _hidden(page: str) -> list[tuple[str, str]]:
    import html
    import re

    return [(n, html.unescape(v)) for n, v in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page)]


def test_a_locked_log_book_is_said_and_what_was_typed_is_kept(lan: Person, book: Engine, station: Station) -> None:
    page = lan.client.get("/bulletin").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    with closing(sqlite3.connect(station.home.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = lan.client.post("/bulletin", data={**GOOD, "csrf_token": token})
        other.execute("ROLLBACK")
    assert answer.status_code == 503
    assert "chương trình khác khóa" in answer.text
    assert 'value="Họp thôn"' in answer.text
    assert lan.post("/bulletin", GOOD).status_code == 302
    assert len(schedules.current(book)) == 1


def test_a_full_disk_is_said_and_what_was_typed_is_kept(lan: Person, book: Engine) -> None:
    with book.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
    long = {**GOOD, "text": "Mời bà con đi họp. " * 250}
    answer = lan.post("/bulletin", {**long, "kind": "text"})
    assert answer.status_code == 503
    assert "giải phóng bớt ổ đĩa" in answer.text
    assert 'value="Họp thôn"' in answer.text
    with book.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 100000")
    assert lan.post("/bulletin", GOOD).status_code == 302
