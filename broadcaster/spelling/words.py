"""Words and signs that are no numbers: Vietnamese syllables, single letters, abbreviations, marks of punctuation."""

from __future__ import annotations

import re

from broadcaster.spelling.letters import is_syllable, named
from broadcaster.spelling.reading import Part

_WORD = re.compile(r"[^\W_]+(?:[&][^\W_]+)*")
_MARKED = (
    "khu|loại|nhóm|lớp|cúm|bảng|cánh|đội|tổ|tòa|toà|nhà|đường|mục|điểm|viêm gan|hạng|số|khối|phòng|lô|dãy|cổng|gan|"
    "tuýp|vi-ta-min|vitamin|bằng"
)
_SIGNS = {
    "&": "và",
    "+": "cộng",
    "=": "bằng",
    "%": "phần trăm",
    "±": "cộng trừ",
    "≥": "từ",
    "≤": "không quá",
    ">": "trên",
    "<": "dưới",
    "~": "khoảng",
    "≈": "khoảng",
    "§": "mục",
}
_PAUSES = "()[]{}–—-/|•“”\"‘’'«»…*_→"
_KEPT = ".,;:?!"


def word(text: str, start: int) -> Part:
    """Return the part that begins at ``start`` and that no rule has taken: a word, a sign, or white space."""
    found = _WORD.match(text, start)
    if found is None:
        return _sign(text, start)
    written = found[0]
    if written.isdigit() or any(one.isdigit() for one in written):
        return _unknown_chunk(text, start)
    if _is_known(text, start, written):
        return Part(written, written.lower() if len(written) > 1 and written.isupper() else written)
    if len(written) == 1:
        return _letter(text, start, written)
    if not written.isupper() and not is_syllable(written):
        return Part(written, written, (written, named(written)), sure=False)
    return Part(written, named(written), (named(written), written.lower()), sure=False)


def _is_known(text: str, start: int, written: str) -> bool:
    if not is_syllable(written) or written == "I":
        return False
    if len(written) == 1:  # "Y tế", but "khu Y"
        return (
            not written.isascii()
            or written.islower()
            or (re.match(r"\s[^\W\d_]", text[start + 1 :][:2]) is not None and text[start + 2 : start + 3].islower())
        )
    return not written.isupper() or not written.isascii() or all_capitals(text, start, written)


def all_capitals(text: str, start: int, written: str) -> bool:
    """Whether a neighbouring word is in capitals too: a heading, not an abbreviation."""
    line = text[text.rfind("\n", 0, start) + 1 : (text.find("\n", start) + 1 or len(text) + 1) - 1]
    others = [one for one in _WORD.findall(line) if one != written and not any(c.isdigit() for c in one)]
    return bool(others) and sum(one.isupper() and is_syllable(one) for one in others) * 2 >= len(others)


def _letter(text: str, start: int, written: str) -> Part:
    said = named(written)
    marked = re.search(
        rf"(?:^|\W)(?:{_MARKED})\s+(?:[A-ZĐ][,\s]+|và\s+)*$", text[max(0, start - 30) : start], re.IGNORECASE
    )
    sure = bool(said) and (bool(marked) or is_syllable(written))
    return Part(written, said or written, () if sure else (said or written,), sure=sure)


def _unknown_chunk(text: str, start: int) -> Part:
    found = re.compile(r"[\w.,/:&²³°%–-]*[\w²³°%]").match(text, start)
    written = found[0] if found else text[start]
    return Part(written, written, (written,), sure=False)


def _sign(text: str, start: int) -> Part:
    written = text[start]
    if written.isspace() or written in _KEPT:
        return Part(written, written)
    if written in _SIGNS:
        first = not text[:start].rpartition("\n")[2].strip()
        return Part(written, " " if first and written == "+" else f" {_SIGNS[written]} ")
    if written == "-" and text[start - 1 : start].isalpha() and text[start + 1 : start + 2].isalpha():
        return Part(written, written)  # ki-lô-mét
    if written in _PAUSES:
        first = not text[:start].rpartition("\n")[2].strip()
        quiet = written in "“”\"‘’'«»*_•" or first
        return Part(written, " " if quiet else ", ")
    return Part(written, " ", ("",), sure=False)
