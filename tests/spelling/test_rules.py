"""What holds for every text, and for every number."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.spelling import NORTHERN, SOUTHERN, Style, spelt
from broadcaster.spelling.glossary import Glossary, built_in, parse
from broadcaster.spelling.letters import is_syllable
from broadcaster.spelling.numbers import DIGITS, LARGEST, cardinal, roman
from tests.spelling.test_cases import CASES

_PIECES = st.sampled_from(
    [word for written, _ in CASES for word in written.split()] + list("0123456789/-.,:%°()[]& \n") + ["TT", "xyz", "Ă"]
)
_TEXTS = st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=12).map("".join), st.lists(_PIECES).map(" ".join))
_ONES = {word: value for value, word in enumerate(DIGITS)} | {"mốt": 1, "tư": 4, "lăm": 5}


@given(_TEXTS)
def test_no_letter_of_the_text_is_lost(text: str) -> None:
    assert "".join(part.written for part in spelt(text).parts) == unicodedata.normalize("NFC", text)


@given(_TEXTS)
def test_what_is_sure_has_no_digit_left_for_the_voice_to_guess(text: str) -> None:
    assert [part for part in spelt(text).parts if part.sure and any(one.isdigit() for one in part.spoken)] == []


@given(_TEXTS)
def test_what_a_person_has_chosen_is_said(text: str) -> None:
    asked = spelt(text).unsure
    told = spelt(text, glossary=Glossary({}).knowing({part.written: "lời đọc" for part in asked}))
    assert told.unsure == ()


@given(_TEXTS)
def test_what_is_spelt_out_is_spelt_the_same_again(text: str) -> None:
    once = spelt(text)
    if not once.unsure:
        assert spelt(once.spoken).spoken.lower() == once.spoken.lower()


@given(st.integers(min_value=0, max_value=LARGEST - 1), st.sampled_from([NORTHERN, SOUTHERN]))
def test_numbers_are_heard_as_they_were_meant(number: int, style: Style) -> None:
    assert _heard(cardinal(number, style)) == number


def _heard(words: str) -> int:
    """Read a number's words back: digits, then what each is worth."""
    above, group, last = 0, 0, 0
    for word in words.split():
        if word in _ONES:
            last = _ONES[word]
        elif word == "mười":
            group, last = group + 10, 0
        elif word == "mươi":
            group, last = group + last * 10, 0
        elif word == "trăm":
            group, last = group + last * 100, 0
        elif word == "tỷ":
            above, group, last = (above + group + last) * 10**9, 0, 0
        elif word in ("triệu", "nghìn", "ngàn"):
            worth = 10**6 if word == "triệu" else 1000
            above, group, last = above + (group + last) * worth, 0, 0
    return above + group + last


@pytest.mark.parametrize("written", ["I", "IV", "IX", "XIV", "XXIX", "XL", "L"])
def test_roman_numbers(written: str) -> None:
    assert roman(written) == {"I": 1, "IV": 4, "IX": 9, "XIV": 14, "XXIX": 29, "XL": 40, "L": 50}[written]


@pytest.mark.parametrize(
    "word",
    ["nghiêng", "khuỷu", "quốc", "giếng", "gì", "ở", "ĐƯỜNG", "hoà", "hòa", "yêu", "xoong", "quýt", "ngoằn", "tuyết"],
)
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize(
    "word", ["net", "zalo", "facebook", "str", "kon", "nge", "ghà", "ngjê", "tap", "hòá", "ươ", "w"]
)
def test_what_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)


def test_a_text_typed_without_marks_is_told() -> None:
    assert spelt("Kinh moi ba con di hop").bare
    assert not spelt("Kính mời bà con đi họp").bare
    assert not spelt("Loa ba").bare


def test_the_station_s_own_words_go_before_all_rules() -> None:
    own = parse(
        ["# hamlets", "K5 = Ka Năm", "TT = Trung tâm", "7h30 = giờ chào cờ", "nonsense", "BS ? bác sĩ | bí thư"]
    )
    assert spelt("K5, TT, 7h30", glossary=own).spoken == "Ka Năm, Trung tâm, giờ chào cờ"
    assert spelt("K5, TT, 7h30", glossary=own).unsure == ()
    assert spelt("BS Hai", glossary=own).unsure[0].choices == ("bác sĩ", "bí thư")
    assert spelt("K50", glossary=own).spoken != "Ka Năm0"


def test_the_table_s_own_words_can_be_said() -> None:
    """What an abbreviation stands for must itself be free of abbreviations."""
    told = [words for entry in built_in().entries.values() for words in entry]
    unsure = [part.written for words in told for part in spelt(words).unsure]
    assert [written for written in unsure if written.isupper()] == []
