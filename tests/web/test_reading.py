"""A typed text is shown as it will be read; what only a person can know is asked for before anything is saved."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from broadcaster.config import readings
from broadcaster.spelling import spelt
from broadcaster.storage import schedules
from tests.web.conftest import Person
from tests.web.test_bulletin import GOOD, saved
from web.patterns import PATTERNS
from web.station import Station

pytestmark = pytest.mark.usefixtures("daemon")
DOUBTFUL = {**GOOD, "text": "Họp tại TT xã lúc 7h30 ngày 25/11/2026."}
CHOSEN = {**DOUBTFUL, "written-0": "TT", "meaning-0": "trung tâm"}


def test_the_page_shows_what_will_be_said(lan: Person) -> None:
    shown = lan.post("/bulletin/reading", DOUBTFUL).text
    assert "lúc bảy giờ ba mươi phút ngày hai mươi lăm tháng mười một" in shown
    assert 'value="thị trấn"' in shown
    assert "chưa chọn" in shown


def test_nothing_is_made_while_a_word_is_doubtful(lan: Person, book: Engine, station: Station) -> None:
    for do in ("save", "check", "listen"):
        answer = lan.post("/bulletin", {**DOUBTFUL, "do": do})
        assert answer.status_code == 422
        assert "Xin cho biết cách đọc: “TT”" in answer.text
    assert (schedules.current(book), station.library.all()) == ([], [])


def test_what_was_chosen_is_said(lan: Person, book: Engine, station: Station) -> None:
    assert lan.post("/bulletin", CHOSEN).status_code == 302
    asset = station.library.get(saved(book).sound)
    assert asset.spoken.startswith("Họp tại trung tâm xã lúc bảy giờ ba mươi phút")
    assert saved(book).text == DOUBTFUL["text"]
    assert 'value="trung tâm" checked' in lan.client.get(f"/programme/{saved(book).id}").text


def test_a_reading_of_one_s_own_is_spelt_out_too(lan: Person, book: Engine, station: Station) -> None:
    lan.post("/bulletin", {**CHOSEN, "own-0": "nhà số 5"})
    assert "nhà số năm xã" in station.library.get(saved(book).sound).spoken


def test_a_sign_can_be_left_out(lan: Person, book: Engine, station: Station) -> None:
    lan.post("/bulletin", {**GOOD, "text": "Họp dân 😀 nhé", "written-0": "😀", "meaning-0": ""})
    assert station.library.get(saved(book).sound).spoken == "Họp dân nhé"


@pytest.mark.parametrize(
    ("text", "written", "meaning", "spoken"),
    [
        ("Mời 5 anh/chị đến họp", "/chị", ", chị", "Mời năm anh, chị đến họp"),
        ("Mời 5 anh/chị đến họp", "/chị", " một chị", "Mời năm anh một chị đến họp"),
        (
            "Ngày 30/11/2026 đo 1/2 đất",
            "1/2",
            "một nửa",
            "Ngày ba mươi tháng mười một năm hai nghìn không trăm hai mươi sáu",
        ),
        ("Họp TT, TTT, TT_A", "TT", "trung tâm", "Họp trung tâm,"),
    ],
)
def test_a_choice_is_for_that_word_alone(text: str, written: str, meaning: str, spoken: str, lan: Person) -> None:
    typed = {**GOOD, "text": text, "written-0": written, "meaning-0": meaning}
    assert spoken in lan.post("/bulletin/reading", typed).text.replace("\n", " ")


def test_it_is_remembered_for_the_next_time(lan: Person, station: Station) -> None:
    lan.post("/bulletin", {**CHOSEN, "remember-0": "yes"})
    assert readings.read(station.home.glossary).entries == {"TT": ("trung tâm",)}
    assert "chưa chọn" not in lan.post("/bulletin/reading", DOUBTFUL).text
    assert "trung tâm" in lan.client.get("/audit").text


def test_a_glossary_that_cannot_be_kept_leaves_one_bulletin(lan: Person, book: Engine, station: Station) -> None:
    station.home.glossary.write_bytes(b"\xff\xfe")
    answer = lan.post("/bulletin", {**CHOSEN, "remember-0": "yes"})
    assert answer.status_code == 302
    assert saved(book).title == GOOD["title"]


def test_words_are_taken_in_changed_and_out(lan: Person, station: Station) -> None:
    for words in ("nhà văn", "nhà văn hóa"):
        lan.post("/glossary", {"written": "NVHT", "words": words})
    assert readings.read(station.home.glossary).entries == {"NVHT": ("nhà văn hóa",)}
    assert "nhà văn hóa" in lan.client.get("/glossary").text
    lan.post("/glossary/remove", {"written": "NVHT"})
    assert readings.read(station.home.glossary).entries == {}
    assert lan.post("/glossary/remove", {"written": "NVHT"}).status_code == 302


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("", "a"),
        ("a", ""),
        ("a = b", "c"),
        ("#a", "b"),
        ("a", "b | c"),
        ("x" * 121, "a"),
        ("?", "a"),
        ("a\nB ? c", "d"),
    ],
)
def test_what_cannot_be_kept_is_said(written: str, words: str, lan: Person, station: Station) -> None:
    answer = lan.post("/glossary", {"written": written, "words": words})
    assert answer.status_code == 422
    assert "⚠" in answer.text
    assert not station.home.glossary.exists()


def test_a_spoilt_glossary_stops_nobody(lan: Person, station: Station) -> None:
    station.home.glossary.write_bytes(b"\xff\xfe = \x00")
    assert lan.client.get("/glossary").status_code == 200
    assert lan.post("/glossary", {"written": "NVHT", "words": "nhà văn hóa"}).status_code == 503
    assert station.home.glossary.read_bytes() == b"\xff\xfe = \x00"
    assert lan.post("/bulletin", GOOD).status_code == 302


def test_a_text_without_marks_is_told(lan: Person) -> None:
    assert "chưa có dấu" in lan.post("/bulletin/reading", {**GOOD, "text": "Kinh moi ba con di hop"}).text


def test_texts_to_fill_in_need_nobody() -> None:
    assert [one.key for one in PATTERNS if spelt(one.text.replace("…", "")).unsure] == []
