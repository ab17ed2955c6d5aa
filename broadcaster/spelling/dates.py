"""Days, months, years, and spans of them."""

from __future__ import annotations

import re

from broadcaster.spelling.numbers import cardinal, month, ordinal
from broadcaster.spelling.reading import Place, Reading, Style
from broadcaster.spelling.rule import DASH, Rule, either, rule

_DAY = r"0?[1-9]|[12]\d|3[01]"
_MONTH = r"0?[1-9]|1[0-2]"
_YEAR = r"(?:1[5-9]|20|21)\d\d"
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SAYS_DAY = "ngày|mùng|mồng|hôm|rằm"
_MEANS_DATE = (
    f"{_SAYS_DAY}|sáng|trưa|chiều|tối|đêm|thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|cn|mai|nay|kia|"
    "qua|lễ|dịp|trước|sau|đến hết|kể từ|kỷ niệm|ngày lễ"
)
_AND_ANOTHER = rf"(?:{_MEANS_DATE}|từ)[^.;\n]{{1,25}}/\d+\s?(?:và|hoặc|,|đến|tới)"
_LUNAR = "âm lịch|âl|al|dương lịch|dl"


def _date(day: str, month_: str, year: str | None, style: Style) -> str:
    said = f"{cardinal(int(day), style)} tháng {month(int(month_), style)}"
    return f"{said} năm {cardinal(int(year), style)}" if year else said


def _doubted(said: str, day: str, month_: str) -> Reading | str:
    """A day that no calendar has is a slip of the pen: a person must look at it."""
    return either(said) if int(day) > _LONGEST[int(month_) - 1] else said


def _introduced(place: Place, said: str) -> str:
    return said if place.before(_SAYS_DAY) else f"ngày {said}"


@rule(
    rf"(?P<d>{_DAY})(?P<s>[/.-])(?P<m>{_MONTH})(?P=s)(?P<y>{_YEAR})"
    + rf"{DASH}(?P<d2>{_DAY})(?P=s)(?P<m2>{_MONTH})(?P=s)(?P<y2>{_YEAR})"
)
def _span_of_dates(match: re.Match[str], place: Place) -> str:
    first = _date(match["d"], match["m"], match["y"], place.style)
    return _introduced(place, f"{first} đến ngày {_date(match['d2'], match['m2'], match['y2'], place.style)}")


@rule(rf"(?P<d>{_DAY}){DASH}(?P<d2>{_DAY})/(?P<m>{_MONTH})(?:/(?P<y>{_YEAR}))?")
def _days_of_a_month(match: re.Match[str], place: Place) -> str | None:
    if int(match["d"]) >= int(match["d2"]):
        return None
    first = cardinal(int(match["d"]), place.style)
    return _introduced(place, f"{first} đến {_date(match['d2'], match['m'], match['y'], place.style)}")


@rule(rf"(?P<d>{_DAY})/(?P<m>{_MONTH}){DASH}(?P<d2>{_DAY})/(?P<m2>{_MONTH})(?:/(?P<y>{_YEAR}))?")
def _span_of_days(match: re.Match[str], place: Place) -> str:
    first = _date(match["d"], match["m"], None, place.style)
    return _introduced(place, f"{first} đến ngày {_date(match['d2'], match['m2'], match['y'], place.style)}")


@rule(rf"(?P<d>{_DAY})\s?(?P<s>[/.-])\s?(?P<m>{_MONTH})\s?(?P=s)\s?(?P<y>{_YEAR}|\d\d)")
def _whole_date(match: re.Match[str], place: Place) -> Reading | str:
    short = len(match["y"]) == 2
    said = _introduced(place, _date(match["d"], match["m"], f"20{match['y']}" if short else match["y"], place.style))
    return either(said) if short else _doubted(said, match["d"], match["m"])


@rule(rf"(?P<m>{_MONTH}){DASH}(?P<m2>{_MONTH})/(?P<y>{_YEAR})")
def _months_of_a_year(match: re.Match[str], place: Place) -> str | None:
    if not place.before("tháng"):
        return None
    year = cardinal(int(match["y"]), place.style)
    return f"{month(int(match['m']), place.style)} đến tháng {month(int(match['m2']), place.style)} năm {year}"


@rule(rf"(?P<m>{_MONTH})(?P<s>[/-])(?P<y>{_YEAR})")
def _month_of_a_year(match: re.Match[str], place: Place) -> str | None:
    if place.before("tỷ lệ|tỉ lệ|tỷ xích|địa chính|bản đồ|quy hoạch|chi tiết"):
        return None
    if place.before("quý|học kỳ|kỳ|đợt|số"):
        return f"{cardinal(int(match['m']), place.style)} năm {cardinal(int(match['y']), place.style)}"
    said = f"{month(int(match['m']), place.style)} năm {cardinal(int(match['y']), place.style)}"
    return said if place.before("tháng") else f"tháng {said}"


@rule(rf"(?P<d>{_DAY})/(?P<m>{_MONTH})")
def _day_and_month(match: re.Match[str], place: Place) -> Reading | str | None:
    if place.before("số|số nhà|hẻm|ngõ|ngách|kiệt|đường|nhà"):
        return None
    said = _date(match["d"], match["m"], None, place.style)
    if place.before(_SAYS_DAY):
        return _doubted(said, match["d"], match["m"])
    dated = place.before(_MEANS_DATE) or place.before(_AND_ANOTHER) or place.after(_LUNAR)
    spanned = place.before("từ|đến|tới") and not place.after("số|tổng|diện tích")
    return _doubted(f"ngày {said}", match["d"], match["m"]) if dated or spanned else None


@rule(rf"(?P<d>{_DAY})[-.](?P<m>{_MONTH})")
def _day_dash_month(match: re.Match[str], place: Place) -> Reading | None:
    if not place.before(_SAYS_DAY):
        return None
    if "." in match[0]:
        return either(_date(match["d"], match["m"], None, place.style))
    first, last = (cardinal(int(match[name]), place.style) for name in "dm")
    if int(match["d"]) >= int(match["m"]):
        return Reading(_date(match["d"], match["m"], None, place.style))
    return either(f"{first} đến {last}", _date(match["d"], match["m"], None, place.style))


@rule(rf"(?P<y>{_YEAR}){DASH}(?P<y2>{_YEAR})")
def _span_of_years(match: re.Match[str], place: Place) -> str:
    joint = "," if place.before("năm học|niên khóa|niên khoá|nhiệm kỳ|khóa|khoá|vụ") else " đến"
    return f"{cardinal(int(match['y']), place.style)}{joint} {cardinal(int(match['y2']), place.style)}"


@rule(r"0?(?P<n>\d{1,2})")
def _day_month_or_weekday(match: re.Match[str], place: Place) -> str | None:
    value = int(match["n"])
    if place.before("tháng") and 1 <= value <= 12:
        return month(value, place.style)
    if place.before("thứ"):
        return ordinal(value, place.style)
    return cardinal(value, place.style) if place.before("ngày|mùng|mồng") else None


@rule(r"(?P<days>[2-7](?:\s?(?:,|-|–|và)\s?[2-7])+)")
def _weekdays(match: re.Match[str], place: Place) -> str | None:
    if not place.before("thứ"):
        return None
    said = re.sub(r"\d", lambda one: ordinal(int(one[0]), place.style), match["days"])
    return re.sub(r"\s?[-–]\s?", " đến ", said)


@rule(rf"(?P<m>{_MONTH})(?:{DASH}|\s?,\s?)(?P<m2>{_MONTH})")
def _span_of_months(match: re.Match[str], place: Place) -> str | None:
    if not place.before("tháng"):
        return None
    joint = ", " if "," in match[0] else " đến "
    return f"{month(int(match['m']), place.style)}{joint}{month(int(match['m2']), place.style)}"


@rule(r"T(?P<n>[2-7])")
def _short_weekday(match: re.Match[str], place: Place) -> Reading:
    number = int(match["n"])
    weekday, of_year = f"thứ {ordinal(number, place.style)}", f"tháng {month(number, place.style)}"
    return Reading(weekday) if place.before("sáng|trưa|chiều|tối|đêm") else either(weekday, of_year)


RULES: tuple[Rule, ...] = (
    _span_of_dates,
    _span_of_days,
    _days_of_a_month,
    _whole_date,
    _months_of_a_year,
    _month_of_a_year,
    _day_and_month,
    _day_dash_month,
    _span_of_years,
    _weekdays,
    _span_of_months,
    _day_month_or_weekday,
    _short_weekday,
)
