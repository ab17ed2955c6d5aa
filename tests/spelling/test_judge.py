"""``sea-g2p``, which we did not write, spells the same cases out; where it says other words, the reason stands here."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from broadcaster.spelling import SOUTHERN, spelt
from tests.spelling.test_cases import CASES

judge = pytest.importorskip("sea_g2p", reason="the judge of spelling is shipped for Linux on x86-64 only")

_THEIR_STYLE = replace(SOUTHERN, thousand="nghìn")
_REASONS = {
    "a zero before a count of things is not said; after số it is": r"\b0\d (?:hộ|trường|tháng)|tháng 0\d",
    "hai mươi lăm is said whole, also after the comma; three decimals one by one": r",\d\d(?! ?[A-Z])|,\d{3}",
    "days, months and hours joined by a dash are a span, and the year is of both": r"\d{1,2}[h:/-]?\d*h? ?[-–] ?\d",
    "the fourth month, and all that follows thứ, has its ordinal": r"tháng 4|thứ (?:I|IV)\b",
    "a school year and a term are called by two years, not from one to the other": r"năm học|nhiệm kỳ",
    "a day of the lunar calendar is a day": r"âm lịch",
    "a full hour has no minutes": r"\d[h:]00|giờ 00",
    "minutes written ' or ph": r"\d(?:'|ph)",
    "money is said as people say it": r"VNĐ|VND|\d(?:k|tr)|\$|USD|€",
    "a price or a ration is for one of something; trên is for speeds": r"/(?:[^\W\d]{2,}|kg|kWh|m3)",
    "rates and units it does not know": r"/24h|m3/s|/ha|V$|kV|dB|hPa|GB|km5|‰|ºC|oC|°\d",
    "a span of lengths is from one to the other": r"\d-\d+(?:m|mm)\b|\d-\d",
    "levels of rivers, regions and ranks are numbered with Roman numerals": r"BĐ|I\b",
    "an area code, an emergency number and a service line are digits, not amounts": r"[Gg]ọi|hotline|\bđt|ĐT 0",
    "the letters of a document's number stand for words": r"\d/[A-ZĐ]|\d-NQ|\d/\d{4}/",
    "abbreviations of communes it does not know, or knows otherwise": (
        r"CNCH|BKS|GPLX|PCTT|NTM|đ/c|FM|4G|COVID|H5N1|OCOP|VNeID|&|TTXVN|LHPN"
    ),
    "foreign names, for a voice that knows Vietnamese letters only": r"Zalo|Facebook|wifi|vitamin|Đắk|Kon",
    "thôn 1,2,3 is a list": r"(?:thôn|tổ) \d,\d",
    "a share of something is a fraction": r"\d/\d (?:số|diện|dân|tổng)",
    "plates and roads are read as people read them": r"xe \d|QL|ĐT|TL\d|STK",
    "a slash between words is a pause": r"ông/bà",
    "a sign before a price is not mathematics": r">",
    "a letter that heads a paragraph, and a score, are read without the sign": r"a\)|3-1",
    "emergency numbers, plan scales, lists of weekdays and thousands as people write them": (
        r"Cứu hỏa|1800 599|0912345678/|24/7|[Tt]hứ \d,? |[Tt]hứ \d-|tháng 4-5|1/2000|,250,|10 000|1 500"
    ),
    "headings in capitals, đồng chí, and the sign before a line": r"VI |XI |AM |CA |đ/c|\+ |điểm 8|5\.000\.000",
    "a paragraph's number is said with chấm": r"khoản 2\.1",
}


def _plain(words: str) -> str:
    """Return words without what is a matter of spelling: hyphens, marks, uỷ or ủy."""
    return " ".join(re.sub(r"[^\w\s]", " ", words.lower().replace("uỷ", "ủy")).split())


def test_the_judge_says_the_same_or_the_reason_is_known() -> None:
    normalizer = judge.Normalizer(lang="vi")
    differ = {
        written: normalizer.normalize(written)
        for written, _ in CASES
        if _plain(spelt(written, _THEIR_STYLE).spoken) != _plain(normalizer.normalize(written))
    }
    unexplained = {
        one: said for one, said in differ.items() if not any(re.search(why, one) for why in _REASONS.values())
    }
    assert unexplained == {}
    assert len(CASES) - len(differ) > 250, "the judge agrees with too little to be one"


def test_every_reason_is_needed() -> None:
    written = "\n".join(one for one, _ in CASES)
    assert [reason for reason, why in _REASONS.items() if not re.search(why, written, re.MULTILINE)] == []
