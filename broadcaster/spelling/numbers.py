"""Numbers in Vietnamese words: whole, decimal, digit by digit, ordinal, Roman.

The rules are those of primary school: *mốt* and *lăm* after tens, *linh* or *lẻ* for an empty ten, *không trăm* for an
empty hundred after a thousand; a group of three zeros in the middle is passed over.
"""

from __future__ import annotations

import re

from broadcaster.spelling.reading import Style

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
LARGEST = 10**18
_BILLION = 10**9
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
ROMAN = r"(?=[IVXL])(?:X{0,3}|XL|L)(?:IX|IV|V?I{0,3})"


def cardinal(number: int, style: Style) -> str:
    """Return the words of a whole number; ``abs(number)`` must be below ``LARGEST``."""
    if number < 0:
        return "âm " + cardinal(-number, style)
    if number == 0:
        return DIGITS[0]
    billions, rest = divmod(number, _BILLION)
    said = [cardinal(billions, style) + " tỷ"] if billions else []
    for size, name in ((10**6, " triệu"), (10**3, f" {style.thousand}"), (1, "")):
        group, rest = divmod(rest, size)
        if group:
            said.append(_hundreds(group, style, full=bool(said)) + name)
    return " ".join(said)


def _hundreds(group: int, style: Style, *, full: bool) -> str:
    hundreds, rest = divmod(group, 100)
    said = [DIGITS[hundreds] + " trăm"] if hundreds or full else []
    if rest:
        said.append(_tens(rest, style, after=bool(said)))
    return " ".join(said)


def _tens(number: int, style: Style, *, after: bool) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return f"{style.odd} {DIGITS[ones]}" if after else DIGITS[ones]
    last = {0: "", 5: " lăm"}.get(ones, f" {DIGITS[ones]}")
    if tens == 1:
        return "mười" + last
    return DIGITS[tens] + " mươi" + {1: " mốt", 4: f" {style.four}"}.get(ones, last)


def one_by_one(digits: str) -> str:
    """Return digits said one by one; what is no digit parts them with a pause."""
    return ", ".join(" ".join(DIGITS[int(one)] for one in group) for group in re.findall(r"\d+", digits))


def number(written: str, style: Style) -> str:
    """Return the words of a number as Vietnamese write it: dots between thousands, a comma before decimals."""
    sign = "âm " if written[0] in "-−–" else ""
    whole, _, decimals = written.lstrip("-−–").replace(".", "").partition(",")
    if (len(whole) > 1 and whole[0] == "0") or int(whole) >= LARGEST:
        said = one_by_one(whole)
    else:
        said = cardinal(int(whole), style)
    if not decimals:
        return sign + said
    short = len(decimals) <= 2 and decimals[0] != "0"
    return f"{sign}{said} phẩy {cardinal(int(decimals), style) if short else one_by_one(decimals)}"


def ordinal(number: int, style: Style) -> str:
    """Return what follows *thứ*: nhất, hai, ba, tư, năm …"""
    return {1: "nhất", 4: "tư"}.get(number) or cardinal(number, style)


def month(number: int, style: Style) -> str:
    """Return what follows *tháng*."""
    return "tư" if number == 4 else cardinal(number, style)


def roman(written: str) -> int:
    """Return the value of a Roman number that fits ``ROMAN``."""
    values = [_ROMAN[one] for one in written]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))
