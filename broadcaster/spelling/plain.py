"""Numbers without a unit: fractions, lists, spans, ordinals, Roman numbers, and the plain ones."""

from __future__ import annotations

import re

from broadcaster.spelling.letters import is_syllable, named
from broadcaster.spelling.numbers import ROMAN, cardinal, number, one_by_one, ordinal, roman
from broadcaster.spelling.reading import Place, Reading
from broadcaster.spelling.rule import DASH, NUMBER, Rule, either, rule

_MOST_GROUPS = 6
_SHARED = "số|tổng|dân số|diện tích|tổng số|phần|quãng đường|lít|kg|thìa|viên|cốc|bát|chặng"
_PLACED = "tổ|thôn|cụm|khu|ấp|lớp|điều|khoản|đội|xóm|khối|số|các tổ|các thôn|các cụm|mục|bài|tập"
_RANKED = (
    "chương|phần|mục|quý|khóa|khoá|đại hội|lần thứ|thứ|thế kỷ|vùng|khu vực|loại|hạng|cấp|kỳ|học kỳ|đợt|nhóm|bậc|"
    "báo động|bđ|cụm|hội nghị|quân khu|quân đoàn|tập|trung ương|thời kỳ|giai đoạn|bảng|điều|tổ|đội|trạm"
)


@rule(r"(?P<a>\d+)\s?/\s?(?P<b>\d+)")
def _fraction(match: re.Match[str], place: Place) -> Reading | str:
    first, second = (cardinal(int(match[name]), place.style) for name in "ab")
    of = f"{first} phần {ordinal(int(match['b']), place.style) if match['b'] == '4' else second}"
    over = f"{first} trên {second}"
    day, month = int(match["a"]), int(match["b"])
    if match[0] == "24/7" and place.before("trực|phục vụ|hoạt động|mở cửa|làm việc|túc trực"):
        return "suốt ngày đêm"
    if place.after(_SHARED) and day < month:
        return of
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return over
    dated = f"ngày {first} tháng {'tư' if month == 4 else second}"
    return either(dated, of, over) if day < month else either(dated, over)


@rule(r"\d+(?:\s?[,;]\s?\d+){2,}|\d+,\d+")
def _list(match: re.Match[str], place: Place) -> str | None:
    numbers = re.findall(r"\d+", match[0])
    if re.fullmatch(r"\d{1,3}(?:,\d{3}){2,}", match[0]):  # thousands as foreigners part them
        return cardinal(int("".join(numbers)), place.style) if len(numbers) < _MOST_GROUPS else None
    if len(numbers) == 2 and not place.before(_PLACED):
        return None
    return ", ".join(cardinal(int(one), place.style) for one in numbers)


@rule(rf"(?P<a>{NUMBER}){DASH}(?P<b>{NUMBER})")
def _span(match: re.Match[str], place: Place) -> Reading | str:
    first, last = (number(match[name], place.style) for name in "ab")
    low, high = (float(match[name].replace(".", "").replace(",", ".")) for name in "ab")
    if place.before("tỷ số|tỉ số|thắng|thua|hòa|hoà"):
        return f"{first} {last}"
    said = f"{first} đến {last}"
    return said if low < high else either(f"{first}, {last}", said)


@rule(rf"(?P<r>{ROMAN})(?:{DASH}(?P<s>{ROMAN}))?(?:/(?P<y>(?:19|20)\d\d))?", end=r"(?!\w)")
def _roman(match: re.Match[str], place: Place) -> Reading | str | None:
    values = [roman(match[name]) for name in "rs" if match[name]]
    speak = ordinal if place.before("thứ") else cardinal
    said = " đến ".join(speak(one, place.style) for one in values)
    if match["y"]:
        said += f" năm {cardinal(int(match['y']), place.style)}"
    if is_syllable(match[0]) and re.match(r"[ ][^\W\d_]{2}", place.text[place.end :][:3]):
        word = match[0].lower()  # CÁC LOẠI VI PHẠM, or CHƯƠNG VI QUY ĐỊNH
        capitals = place.text[place.end + 1 : place.end + 3].isupper()
        if capitals:
            return either(said, word) if place.before("chương|phần|mục|quý|khóa|đại hội|lần thứ") else None
    if place.before(_RANKED):
        return said
    if (
        re.match(r"[.)]\s", place.text[place.end : place.end + 2])
        and not place.text[: place.start].rpartition("\n")[2].strip()
    ):
        return said  # the heading of a paragraph
    return either(said, named(match[0])) if match[0] != "L" else None


@rule(r"(?:BĐ|Bđ)\s?-?\s?(?P<r>[1-3]|I{1,3})")
def _alarm(match: re.Match[str], place: Place) -> str:
    """The three levels at which a river is watched."""
    value = int(match["r"]) if match["r"].isdigit() else roman(match["r"])
    return f"báo động {cardinal(value, place.style)}"


@rule(rf"(?P<sign>[-−](?=\d))?(?P<n>{NUMBER})")
def _number(match: re.Match[str], place: Place) -> Reading | str | None:
    written = match["n"]
    if match["sign"] and place.text[place.start - 1 : place.start].isalnum():
        return None
    if match["sign"]:  # or a dash before a line of a list
        return either(number(match[0], place.style), number(written, place.style))
    if re.fullmatch(r"0\d", written) and (place.after(r"[^\W\d_]+") and not place.before("số")):
        written = written[1:]
    if re.fullmatch(r"0\d+", written):
        return one_by_one(written)
    return number(written, place.style)


@rule(r"(?P<a>\d+)\.(?P<b>\d{1,2}|\d{4,})")
def _dotted(match: re.Match[str], place: Place) -> Reading:
    """Either a decimal as foreigners write it, or a paragraph's number."""
    pieces = (
        cardinal(int(match["a"]), place.style),
        number(f"0,{match['b']}", place.style).removeprefix("không phẩy "),
    )
    dotted = f"{pieces[0]} chấm {cardinal(int(match['b']), place.style)}"
    if place.before("điều|khoản|mục|điểm|chương|phiên bản|bài"):
        return Reading(dotted)
    return either(" phẩy ".join(pieces), dotted)


@rule(r"(?P<n>\d{1,3}(?:[ ]\d{3}){1,5})(?P<u>\s?(?:đồng|đ|vnđ|vnd|VNĐ|VND))?")
def _spaced(match: re.Match[str], place: Place) -> Reading | None:
    """Thousands parted by spaces: sure before money only."""
    said = cardinal(int(match["n"].replace(" ", "")), place.style)
    return Reading(f"{said} đồng") if match["u"] else either(said, one_by_one(match["n"]))


RULES: tuple[Rule, ...] = (_spaced, _alarm, _list, _span, _fraction, _number, _dotted, _roman)
