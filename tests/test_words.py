from __future__ import annotations

import json
import string

import pytest

from broadcaster.words import Sentence, language_of_user
from tests.catalogues import PO, compiled, template, vietnamese


def test_a_sentence_speaks_both_languages_and_so_do_those_within() -> None:
    sentence = Sentence("Well again since {at}: {fault}", at="9:00", fault=Sentence("Port {port} hangs.", port="X"))
    assert str(sentence) == "Well again since 9:00: Port X hangs."
    assert sentence.to("vi") == "Đã tốt trở lại từ 9:00: Cổng X bị treo."


def test_a_sentence_survives_json() -> None:
    sentence = Sentence("Failed while {step}: {why}", step=Sentence("sounding"), why=3)
    assert Sentence.from_json(json.loads(json.dumps(sentence.as_json()))) == sentence


@pytest.mark.parametrize(("asked", "given"), [("", "vi"), ("en_GB", "en"), ("EN", "en"), ("fr", "vi")])
def test_vietnamese_unless_english_is_asked_for(asked: str, given: str) -> None:
    assert language_of_user({"BROADCASTER_LANGUAGE": asked} if asked else {}) == given


def test_every_sentence_of_the_code_is_in_the_catalogue_and_translated() -> None:
    catalogue = vietnamese()
    missing = [m.id for m in template() if m.id and not (catalogue.get(m.id) and catalogue.get(m.id).string)]  # type: ignore[union-attr]
    assert missing == []


def test_no_translation_loses_or_invents_a_field() -> None:
    def fields(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text)} - {None}

    for message in vietnamese():
        if message.id:
            assert fields(str(message.id)) == fields(str(message.string)), message.id


def test_the_compiled_catalogue_is_current() -> None:
    assert PO.with_suffix(".mo").read_bytes() == compiled(vietnamese())
