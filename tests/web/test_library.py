from __future__ import annotations

import pytest
from sqlalchemy import Engine

from broadcaster.model.broadcast import Broadcast, State, new_broadcast_id
from broadcaster.storage import broadcasts, drafts, schedules
from tests.end_to_end.station import BULLETIN
from tests.web.conftest import Person
from tests.web.test_bulletin import GOOD
from web.ribbon import bounds
from web.station import Station

pytestmark = pytest.mark.usefixtures("daemon")


def uploaded(lan: Person) -> str:
    data = {"kind": "record", "file": (BULLETIN.open("rb"), "Họp thôn Đông.mp3")}
    answer = lan.post("/bulletin/sound", data, on="/bulletin", content_type="multipart/form-data")
    assert answer.json is not None
    return str(answer.json["sound"])


def test_a_sound_is_found_heard_and_used_again(lan: Person, book: Engine) -> None:
    sound = uploaded(lan)
    assert "Họp thôn Đông" in lan.client.get("/library?search=đông").text
    assert "Họp thôn Đông" not in lan.client.get("/library?search=tây").text
    assert lan.client.get(f"/library/{sound}.wav", buffered=True).mimetype == "audio/wav"
    form = lan.client.get(f"/bulletin?sound={sound}").text
    assert f'<option value="{sound}" selected>' in form
    lan.post("/bulletin", {**GOOD, "kind": "library", "library": sound})
    (one,) = schedules.current(book)
    assert (one.sound, one.text) == (sound, "")


def test_what_is_used_stays_and_what_is_not_goes(lan: Person, station: Station) -> None:
    sound = uploaded(lan)
    lan.post("/bulletin", {**GOOD, "kind": "library", "library": sound})
    assert lan.post(f"/library/{sound}/delete").status_code == 409
    (one,) = station.planned.plan().schedules
    lan.post(f"/programme/{one.id}/delete", {"revision": "1"})
    assert lan.post(f"/library/{sound}/delete").status_code == 302
    assert lan.client.get(f"/library/{sound}.wav").status_code == 404
    assert lan.post("/bulletin", {**GOOD, "kind": "library", "library": sound}).status_code == 422


def test_a_draft_keeps_itself_until_it_is_saved(lan: Person, station: Station) -> None:
    typed = {**GOOD, "title": "Chưa xong", "clusters": ["2"]}
    answer = lan.post("/bulletin/draft", {**typed, "place": "new"}, on="/bulletin")
    assert answer.json is not None
    assert answer.json["ok"]
    page = lan.client.get("/bulletin").text
    assert 'value="Chưa xong"' in page
    assert "vẫn còn đây" in page
    lan.post("/bulletin", typed)
    assert drafts.get(station.log_book, 1, drafts.NEW) is None


def test_a_draft_can_be_thrown_away(lan: Person) -> None:
    lan.post("/bulletin/draft", {"title": "Chưa xong", "place": "new"}, on="/bulletin")
    lan.post("/bulletin/draft/discard", on="/bulletin")
    assert "Chưa xong" not in lan.client.get("/bulletin").text


def test_a_draft_of_an_older_version_is_not_shown(lan: Person, book: Engine) -> None:
    lan.post("/bulletin", GOOD)
    (one,) = schedules.current(book)
    lan.post("/bulletin/draft", {**GOOD, "title": "Nháp", "revision": "1", "place": one.id}, on="/bulletin")
    assert 'value="Nháp"' in lan.client.get(f"/programme/{one.id}").text
    lan.post(f"/programme/{one.id}/pause", {"revision": "1"}, on="/programme")
    assert 'value="Nháp"' not in lan.client.get(f"/programme/{one.id}").text


def test_a_pattern_fills_the_form(lan: Person) -> None:
    page = lan.client.get("/bulletin?pattern=power").text
    assert 'value="Tạm ngừng cấp điện"' in page
    assert "sẽ mất điện tại thôn" in page


def test_what_will_come_of_it_is_said_before_it_is_saved(lan: Person, book: Engine) -> None:
    page = lan.post("/bulletin", {**GOOD, "do": "check"}).text
    assert "“Họp thôn” phát một lần, lúc 17:00" in page
    assert "← bản này" in page
    assert schedules.current(book) == []
    now = lan.post("/bulletin", {**GOOD, "do": "check", "when": "now"}).text
    assert "“Họp thôn” phát ngay" in now
    assert "Phát ngay" in now


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"item_class": "outside"}, "người đề nghị"),
        ({"item_class": "king"}, "một mục trong danh sách"),
        ({"language": "xx"}, "một mục trong danh sách"),
        ({"kind": "library", "library": "nothing"}, "Trong kho âm thanh không có"),
    ],
)
def test_what_is_wrong_with_the_new_fields(more: dict[str, str], said: str, lan: Person, book: Engine) -> None:
    answer = lan.post("/bulletin", {**GOOD, **more})
    assert answer.status_code == 422
    assert said in answer.text
    assert schedules.current(book) == []


def test_as_yesterday_is_offered_first(lan: Person, station: Station) -> None:
    sound = uploaded(lan)
    today, _ = bounds(station.settings.station.zone, station.clock.now())
    one = Broadcast(new_broadcast_id(today - 3600), "Hôm qua", frozenset({1}), sound=sound, due=today - 3600)
    broadcasts.record(station.log_book, one, State.COMPLETED, today - 3500, sounded_s=9)
    page = lan.client.get("/bulletin").text
    first = page.split('<optgroup label="Như hôm qua">')[1].split("</optgroup>")[0]
    assert f'value="{sound}"' in first


def test_the_log_is_searched(lan: Person, station: Station) -> None:
    for number, title in enumerate(("Cúp điện", "Chợ phiên")):
        one = Broadcast(new_broadcast_id(1000.0 + number), title, frozenset({1}))
        broadcasts.record(station.log_book, one, State.COMPLETED, 1000.0, sounded_s=9)
    page = lan.client.get("/log?search=phiên").text
    assert "Chợ phiên" in page
    assert "Cúp điện" not in page


def test_a_blank_that_nobody_filled_in_is_noticed(lan: Person, book: Engine) -> None:
    answer = lan.post("/bulletin", {**GOOD, "text": "Mời bà con thôn … đi họp."})
    assert answer.status_code == 422
    assert "chưa điền" in answer.text
    assert schedules.current(book) == []


def test_a_cluster_that_was_silenced_is_told_in_the_log(lan: Person, station: Station) -> None:
    one = Broadcast(new_broadcast_id(1000.0), "Họp", frozenset({1, 4}))
    broadcasts.record(station.log_book, one, State.ON_AIR, 1000.0)
    broadcasts.silence(station.log_book, one.id, 4, "Hoa", 1002.0)
    assert ": Hoa đã tắt" in lan.client.get("/log").text
    assert "Tắt một cụm loa" in lan.client.get("/audit").text


def test_what_is_about_to_sound_stays(lan: Person, station: Station) -> None:
    sound = uploaded(lan)
    waiting = Broadcast(new_broadcast_id(1.0), "Họp", frozenset({1}), sound=sound)
    broadcasts.add(station.log_book, waiting, station.ground)
    assert lan.post(f"/library/{sound}/delete").status_code == 409
    broadcasts.record(station.log_book, waiting, State.COMPLETED, 2.0)
    assert lan.post(f"/library/{sound}/delete").status_code == 302
