"""A bulletin of several items, made without scripts: every button sends the whole form."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import Engine

from broadcaster.model.pcm import RATE
from broadcaster.sound.composition import Recipe
from broadcaster.storage import approvals, schedules
from broadcaster.storage.tables import drafts
from tests.clock import NOON
from tests.web.conftest import Person
from tests.web.test_bulletin import GOOD, saved
from tests.web.test_library import uploaded
from web.form_items import Items
from web.station import Station

pytestmark = pytest.mark.usefixtures("daemon")
NOTHING = {"kind": "text", "text": ""}


def items_on(page: str) -> list[str]:
    return re.findall(r'name="item" value="([^"]+)"', page)


def with_items(lan: Person, *texts: str, **more: Any) -> list[str]:
    """Add typed texts one by one; return the items that stand then."""
    items: list[str] = []
    for text in texts:
        answer = lan.post("/bulletin", {**GOOD, **more, "text": text, "item": items, "do": "more"})
        assert answer.status_code == 200
        items = items_on(answer.text)
    return items


def test_what_is_typed_becomes_an_item_and_the_field_is_free_again(lan: Person, book: Engine) -> None:
    answer = lan.post("/bulletin", {**GOOD, "text": "Mời bà con họp thôn.", "do": "more"})
    assert len(items_on(answer.text)) == 1
    assert "Mời bà con họp thôn." in answer.text
    assert '<textarea id="f-text" name="text" rows="6"' in answer.text
    assert not re.search(r"<textarea[^>]*>Mời", answer.text)
    assert schedules.current(book) == []


def test_recordings_and_texts_are_saved_in_their_order(lan: Person, book: Engine, station: Station) -> None:
    sound = uploaded(lan)
    first, second = with_items(lan, "Tin thứ nhất.", "Tin thứ hai.")
    typed = {**GOOD, "item": [second, first], "kind": "library", "library": sound, "between": "2", "repeats": "2"}
    lan.post("/bulletin", {**typed, "gap": "5"})
    one = saved(book)
    asset = station.library.get(one.sound)
    assert asset.recipe == Recipe((second, 2.0, first, 2.0, sound), 2, 5.0)
    assert one.duration == pytest.approx(station.frame.seconds(one.sound))
    assert one.text == "Tin thứ hai.\n\nTin thứ nhất."
    assert station.library.parts(one.sound)[1] == 2 * RATE


def test_what_is_empty_adds_nothing(lan: Person, book: Engine, station: Station) -> None:
    items = with_items(lan, "Tin thứ nhất.", "Tin thứ hai.")
    for nothing in (NOTHING, {"kind": "file"}, {"kind": "record"}):
        lan.post("/bulletin", {**GOOD, **nothing, "title": str(nothing), "item": items})
    assert {station.library.get(one.sound).recipe for one in schedules.current(book)} == {
        Recipe((items[0], 1.0, items[1]), 1, 10.0)
    }


def test_one_text_sounds_three_times(lan: Person, book: Engine, station: Station) -> None:
    lan.post("/bulletin", {**GOOD, "repeats": "3", "gap": "7,5"})
    recipe = station.library.get(saved(book).sound).recipe
    assert recipe is not None
    assert (len(recipe.items), recipe.repeats, recipe.gap_s) == (1, 3, 7.5)
    form = lan.client.get(f"/programme/{saved(book).id}").text
    assert items_on(form) == []
    assert f">{GOOD['text']}</textarea>" in form
    assert '<option value="3" selected>' in form


def test_without_items_and_repeats_it_is_the_sound_itself(lan: Person, book: Engine, station: Station) -> None:
    lan.post("/bulletin", GOOD)
    assert station.library.get(saved(book).sound).recipe is None


@pytest.mark.parametrize(
    ("do", "order"),
    [
        ("up-2", [0, 2, 1]),
        ("up-0", [0, 1, 2]),
        ("down-0", [1, 0, 2]),
        ("down-2", [0, 1, 2]),
        ("drop-1", [0, 2]),
        ("change-1", [0, 2]),
        ("up-3", [0, 1, 2]),
        ("drop-x", [0, 1, 2]),
    ],
)
def test_items_are_moved_and_left_out(do: str, order: list[int], lan: Person) -> None:
    items = with_items(lan, "Một.", "Hai.", "Ba.")
    answer = lan.post("/bulletin", {**GOOD, **NOTHING, "item": items, "do": do})
    assert items_on(answer.text) == [items[number] for number in order]


def test_an_item_that_is_changed_comes_back_into_its_place(lan: Person) -> None:
    items = with_items(lan, "Một.", "Hai.", "Ba.")
    answer = lan.post("/bulletin", {**GOOD, "text": "Bốn.", "item": items, "do": "change-1"})
    assert len(items_on(answer.text)) == 3  # what had been typed is none the less kept, at the end
    assert ">Hai.</textarea>" in answer.text
    assert 'name="item_at" value="1"' in answer.text
    back = lan.post(
        "/bulletin", {**GOOD, "text": "Hai rưỡi.", "item": items_on(answer.text), "item_at": "1", "do": "more"}
    )
    assert re.findall(r'</strong> (\w+( \w+)?\.) <span class="small">', back.text) == [
        ("Một.", ""),
        ("Hai rưỡi.", " rưỡi"),
        ("Ba.", ""),
        ("Bốn.", ""),
    ]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"repeats": "0"}, "1 đến 10 lần"),
        ({"repeats": "x"}, "1 đến 10 lần"),
        ({"repeats": "2", "gap": "601"}, "0 đến 600 giây"),
        ({"between": "nan"}, "0 đến 600 giây"),
        ({"item": ["../../etc/passwd"]}, "không có âm thanh này"),
        ({"item": ["~5"], "text": ""}, "Chưa có gì để phát"),
        ({"item": ["~1"] * 61}, "nhiều nhất 60 mục"),
        ({"repeats": "10", "gap": "600"}, "dài hơn mức cho phép"),
        ({"do": "more", "text": ""}, "Xin gõ nội dung"),
    ],
)
def test_what_is_wrong_with_items(wrong: dict[str, Any], sentence: str, lan: Person, book: Engine) -> None:
    answer = lan.post("/bulletin", {**GOOD, **wrong})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert schedules.current(book) == []


def test_it_is_changed_approved_and_told_with_its_items(lan: Person, book: Engine, station: Station) -> None:
    approvals.decide_rule(station.log_book, 2, "Số 2", "Lan", NOON, station.key)
    items = with_items(lan, "Tin thứ nhất.", "Tin thứ hai.")
    lan.post("/bulletin", {**GOOD, **NOTHING, "item": items, "repeats": "2", "between": "3"})
    one = saved(book)
    form = lan.client.get(f"/programme/{one.id}").text
    assert items_on(form) == items
    assert 'name="between" value="3"' in form
    told = "Tin thứ nhất. · Tin thứ hai. – 2 lần liền nhau"
    assert told in lan.client.get("/programme").text
    shown = lan.client.get("/approvals").text
    assert "<blockquote>Tin thứ hai.</blockquote>" in shown
    assert "2 lần liền nhau" in shown
    assert lan.client.get(f"/library/{one.sound}.wav").status_code == 302
    lan.post(f"/programme/{one.id}", {**GOOD, **NOTHING, "item": items[::-1], "revision": str(one.revision)})
    assert saved(book).sound != one.sound


def test_the_preview_of_all_of_it(lan: Person, station: Station) -> None:
    items = with_items(lan, "Tin thứ nhất.", "Tin thứ hai.")
    answer = lan.post("/bulletin", {**GOOD, **NOTHING, "item": items, "do": "listen"})
    sound = answer.text.split('src="/bulletin/mix/')[1].split('"')[0]
    mix = lan.client.get(f"/bulletin/mix/{sound}", buffered=True)
    assert len(mix.data) == pytest.approx(station.frame.seconds(sound) * 96_000, abs=100)


def test_a_draft_keeps_the_items(lan: Person, station: Station) -> None:
    items = with_items(lan, "Tin thứ nhất.", "Tin thứ hai.")
    assert items_on(lan.client.get("/bulletin").text) == items
    lan.post("/bulletin", {**GOOD, **NOTHING, "item": items})
    with station.log_book.connect() as connection:
        assert connection.execute(drafts.select()).all() == []


def test_a_sound_of_a_bulletin_in_the_programme_stays(lan: Person) -> None:
    items = with_items(lan, "Tin thứ nhất.", "Tin thứ hai.")
    lan.post("/bulletin", {**GOOD, **NOTHING, "item": items})
    assert lan.post(f"/library/{items[0]}/delete").status_code == 409
    assert f"/library/{items[0]}/delete" not in lan.client.get("/library").text


def test_pauses_that_differ_stay_items_of_their_own() -> None:
    even, odd = Recipe(("a", 2.0, "b", 2.0, "c"), 2, 4.0), Recipe(("a", 2.0, "b", 3.0, "c", "d"), 1, 10.0)
    for recipe in (even, odd, Recipe(("a", "b"), 1, 10.0), Recipe(("a",), 2, 10.0)):
        assert Items.of(recipe).recipe(None) == recipe
    assert Items.of(even).those == ["a", "b", "c"]
    assert Items.of(odd).those == ["a", "~2", "b", "~3", "c", "d"]
