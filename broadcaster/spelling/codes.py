"""What is read piece by piece: telephones, plates, roads, accounts, and house numbers."""

from __future__ import annotations

import re

from broadcaster.spelling.letters import named
from broadcaster.spelling.numbers import cardinal, one_by_one
from broadcaster.spelling.reading import Place, Reading
from broadcaster.spelling.rule import NUMBER, Rule, either, rule

_PHONED = "điện thoại|đt|đtdđ|sđt|số máy|hotline|liên hệ|di động|đường dây nóng|tổng đài|zalo|alo"
_HELP = (
    rf"{_PHONED}|gọi|gọi ngay|gọi số|cứu hỏa|cứu hoả|cấp cứu|công an|cảnh sát|chữa cháy|trẻ em|"
    r"11[1-5]\s?(?:,|;|/|-|hoặc|và)"
)
_SHORT_NUMBERS = ("111", "112", "113", "114", "115", "119", "1022")
_END_OF_TELEPHONE = r"(?![\w%°])(?![.,:–−-]\d)"
_NUMBERED = (
    "tài khoản|số tài khoản|stk|tk|cccd|cmnd|căn cước|căn cước công dân|mã số|mã|số thẻ|mã số thuế|mst|mã hồ sơ|"
    "số sê-ri|seri|số cccd|số cmnd"
)


@rule(r"(?:\(?\+84\)?[\s.]?|\(0\d{2,4}\)[\s.]?|0)\d(?:[\s.-]?\d){4,9}", end=_END_OF_TELEPHONE)
def _telephone(match: re.Match[str], _place: Place) -> str | None:
    digits = re.sub(r"\D", "", match[0])
    if not 10 <= len(digits) <= 11:
        return None
    if match[0].lstrip("(").startswith("+"):
        return "cộng " + one_by_one(f"{digits[:2]} {digits[2:5]} {digits[5:8]} {digits[8:]}")
    if "(" in match[0]:
        area, _, rest = match[0].partition(")")
        return one_by_one(f"{area} {re.sub(r'[^0-9]', '', rest)}")
    grouped = match[0] if re.search(r"\d[\s.-]\d", match[0]) else f"{digits[:4]} {digits[4:7]} {digits[7:]}"
    return one_by_one(grouped)


@rule(r"1[89]00[\s.-]?(?:\d{3}[\s.-]?\d{3}|\d{2,4}(?:[\s.-]?\d{2})?)", end=_END_OF_TELEPHONE)
def _service_line(match: re.Match[str], place: Place) -> str | None:
    digits = re.sub(r"\D", "", match[0])
    if len(digits) == 4 or (len(digits) < 8 and not place.before(_PHONED)):
        return None
    return one_by_one(f"{digits[:4]} {digits[4:]}")


@rule(r"\d{3,8}")
def _short_line(match: re.Match[str], place: Place) -> str | None:
    counted = place.after(r"(?!hoặc|và|để|khi|nếu|là|hay|gặp|từ|sẽ|rồi|cho|ngay|xin)[^\W\d_]+")
    short = match[0] in _SHORT_NUMBERS and place.before(rf"(?:{_HELP})(?:\s*(?:ngay|số|là|máy))*")
    return one_by_one(match[0]) if not counted and (short or place.before(rf"(?:{_PHONED})(?:\s+(?:số|là))?")) else None


@rule(r"\d[\d\s.-]{4,22}\d")
def _account(match: re.Match[str], place: Place) -> str | None:
    amount = place.after("đồng|đ|triệu|nghìn|ngàn|tỷ|vnđ|vnd") or re.fullmatch(r"\d{1,3}(?:\.\d{3})+", match[0])
    if amount or not place.before(rf"(?:{_NUMBERED})(?:\s+(?:số|là))?"):
        return None
    digits = re.sub(r"\D", "", match[0])
    return one_by_one(" ".join(digits[i : i + 3] for i in range(0, len(digits), 3)))


@rule(r"(?P<p>\d{2})\s?-?\s?(?P<s>[A-ZĐ]{1,2}\d?)\s?[-–.]?\s?(?P<n>\d{3}\.?\d{2}|\d{4})")
def _plate(match: re.Match[str], _place: Place) -> str | None:
    if not re.search("[A-ZĐ]", match["s"]):
        return None
    series = " ".join([named(match["s"]), *(one_by_one(one) for one in match["s"] if one.isdigit())])
    digits = match["n"].replace(".", "")
    grouped = f"{digits[:3]} {digits[3:]}" if len(digits) == 5 else digits
    return f"{one_by_one(match['p'])} {series}, {one_by_one(grouped)}"


@rule(r"(?:ĐT|đt|Đt|ĐTDĐ|đtdđ)(?=\s?[:.]?\s?(?:0\d|\(0|\+84))", end="")
def _telephone_follows(match: re.Match[str], _place: Place) -> str:
    return "điện thoại di động" if len(match[0]) == 4 else "điện thoại"


@rule(r"[Kk]m\s?(?P<k>\d{1,4})(?:\s?\+\s?(?P<m>\d{1,3}))?")
def _milestone(match: re.Match[str], place: Place) -> str:
    said = f"ki-lô-mét {cardinal(int(match['k']), place.style)}"
    return f"{said} cộng {cardinal(int(match['m']), place.style)}" if match["m"] else said


_ROADS = {
    "QL": "quốc lộ",
    "TL": "tỉnh lộ",
    "ĐT": "đường tỉnh",
    "ĐH": "đường huyện",
    "HL": "hương lộ",
    "ĐX": "đường xã",
    "CT": "cao tốc",
}


@rule(rf"(?P<r>{'|'.join(_ROADS)})[.\s-]?(?P<n>\d{{1,3}})(?P<l>[A-ZĐ])?")
def _road(match: re.Match[str], place: Place) -> str:
    letter = f" {named(match['l'])}" if match["l"] else ""
    return f"{_ROADS[match['r']]} {cardinal(int(match['n']), place.style)}{letter}"


@rule(r"(?P<n>\d{1,4})(?P<l>[A-ZĐ])(?:(?P<m>\d{1,2}))?")
def _numbered_letter(match: re.Match[str], place: Place) -> str:
    """A house, a class, a road: 12B, 6A2."""
    last = f" {cardinal(int(match['m']), place.style)}" if match["m"] else ""
    return f"{cardinal(int(match['n']), place.style)} {named(match['l'])}{last}"


@rule(r"\d{1,4}(?:/\d{1,4}){1,3}")
def _address(match: re.Match[str], place: Place) -> str | None:
    if not place.before("số|số nhà|nhà|hẻm|ngõ|ngách|kiệt|thửa|huyết áp"):
        return None
    return " trên ".join(cardinal(int(one), place.style) for one in match[0].split("/"))


@rule(
    r"[\w.+-]{1,64}@[\w-]{1,60}(?:\.[\w-]{1,60}){1,5}|(?:https?://|www\.)\S{1,200}"
    r"|\w[\w-]{0,60}(?:\.[\w-]{1,60}){0,5}\.(?:vn|com|net|org)(?:/\S{0,200})?",
    end=r"(?!\w)",
)
def _address_of_the_net(match: re.Match[str], _place: Place) -> Reading:
    shown = re.sub(r"^https?://", "", match[0])
    said = shown.replace("@", " a còng ").replace(".", " chấm ").replace("/", " xẹt ").replace("-", " gạch ngang ")
    return either(said)


@rule(rf"(?P<n>{NUMBER})")
def _long_code(match: re.Match[str], place: Place) -> Reading | None:
    written = match["n"]
    if not written.isdigit() or len(written) < 8:
        return None
    digits = one_by_one(" ".join(written[i : i + 3] for i in range(0, len(written), 3)))
    return (
        either(digits, cardinal(int(written), place.style))
        if written[0] != "0" and len(written) < 18
        else either(digits)
    )


RULES: tuple[Rule, ...] = (
    _address_of_the_net,
    _telephone_follows,
    _telephone,
    _service_line,
    _short_line,
    _account,
    _plate,
    _milestone,
    _road,
    _address,
    _long_code,
)
LAST: tuple[Rule, ...] = (_numbered_letter,)
