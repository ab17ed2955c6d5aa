"""Numbers with a unit: lengths, weights, temperatures, money, rates, and spans of them."""

from __future__ import annotations

import re

from broadcaster.spelling.letters import is_syllable
from broadcaster.spelling.numbers import cardinal, number
from broadcaster.spelling.reading import Place, Reading, Style
from broadcaster.spelling.rule import DASH, NUMBER, Rule, either, rule

UNITS = {
    "km": "ki-lô-mét", "m": "mét", "dm": "đề-xi-mét", "cm": "xen-ti-mét", "mm": "mi-li-mét",
    "km2": "ki-lô-mét vuông", "km²": "ki-lô-mét vuông", "m2": "mét vuông", "m²": "mét vuông", "cm2": "xen-ti-mét vuông",
    "m3": "mét khối", "m³": "mét khối", "cm3": "xen-ti-mét khối", "ha": "héc-ta",
    "kg": "ki-lô-gam", "g": "gam", "gr": "gam", "mg": "mi-li-gam", "tạ": "tạ", "tấn": "tấn",
    "l": "lít", "lít": "lít", "ml": "mi-li-lít",
    "W": "oát", "kW": "ki-lô-oát", "MW": "mê-ga-oát", "kWh": "ki-lô-oát giờ", "KWh": "ki-lô-oát giờ",
    "kWp": "ki-lô-oát píc",
    "V": "vôn", "kV": "ki-lô-vôn", "KV": "ki-lô-vôn", "kVA": "ki-lô-vôn am-pe", "A": "am-pe",
    "Hz": "héc", "kHz": "ki-lô-héc", "MHz": "mê-ga-héc", "GHz": "gi-ga-héc", "dB": "đề-xi-ben",
    "MB": "mê-ga-bai", "GB": "gi-ga-bai", "Mbps": "mê-ga-bít trên giây",
    "°C": "độ xê", "ºC": "độ xê", "oC": "độ xê", "độ C": "độ xê", "°": "độ", "º": "độ",
    "%": "phần trăm", "‰": "phần nghìn",
    "hPa": "héc-tô pát-xcan", "mb": "mi-li-ba", "HP": "mã lực", "CV": "mã lực", "inch": "inh",
    "h": "giờ", "s": "giây", "giây": "giây", "phút": "phút", "giờ": "giờ", "ngày": "ngày",
}  # fmt: skip
MONEY = {
    "đ": "đồng", "Đ": "đồng", "₫": "đồng", "VNĐ": "đồng", "VND": "đồng", "vnđ": "đồng", "đồng": "đồng", "vnd": "đồng",
    "USD": "đô-la Mỹ", "$": "đô-la Mỹ", "EUR": "ơ-rô", "€": "ơ-rô", "tr": "triệu", "k": "nghìn", "K": "nghìn",
}  # fmt: skip
_RATES = {"h": "giờ", "s": "giây", "giờ": "giờ", "giây": "giây", "phút": "phút", "ha": "héc-ta", "l": "lít"}


def _alternatives(table: dict[str, str]) -> str:
    return "|".join(re.escape(one).replace(r"\ ", r"\s") for one in sorted(table, key=len, reverse=True))


_ANY = _alternatives(UNITS | MONEY)
_EACH = r"\d+h(?!\w)|[^\W\d_]+[23²³]?"
_COUNTED = frozenset(
    re.findall(
        r"\w+",
        """người hộ khẩu tháng năm ngày tuần buổi lần con sào thửa suất em cháu thôn xóm tổ xã đợt cây bao quý lượt vé
        xe đêm nhà lớp trường phòng bàn gói chai thùng cụm đội cặp bộ ca""",
    )
)
_COLD = ("°C", "ºC", "oC", "độ C", "°", "º")
_FINISH = r"(?![\w²³])"


def unit(written: str, style: Style) -> str:
    """Return the words of a unit. Raises ``KeyError`` when it is not known."""
    said = (UNITS | MONEY)[re.sub(r"\s", " ", written)]
    return style.thousand if said == "nghìn" else said


def _amount(written: str, style: Style) -> str:
    """Return a number of things: officials write 05 for five, and 00 for none."""
    return number(re.sub(r"^0(?=\d(?:,|$))", "", written), style)


@rule(
    rf"(?P<a>{NUMBER})(?:\s?(?P<u>{_ANY}))?{DASH}(?P<b>[-−]?{NUMBER})\s?(?P<v>{_ANY})(?:\s?/\s?(?P<per>\w+))?",
    end=_FINISH,
)
def _span(match: re.Match[str], place: Place) -> Reading:
    first = _amount(match["a"], place.style)
    if match["u"] and match["u"] != match["v"]:
        first += " " + unit(match["u"], place.style)
    last = f"{_amount(match['b'], place.style)} {unit(match['v'], place.style)}"
    return _each(f"{first} đến {last}", match, place.style)


@rule(rf"(?P<sign>[-−](?=\d)|[+±]\s?)?(?P<n>{NUMBER})\s?(?P<u>{_ANY})(?:\s?/\s?(?P<per>{_EACH}))?", end=_FINISH)
def _quantity(match: re.Match[str], place: Place) -> Reading | str | None:
    if match["u"] == "đ" and match["per"] in ("c", "k"):
        return None  # 5 đ/c
    if match["u"] in ("A", "V", "K", "Đ", "l", "s", "W") and re.search(r"\s", match[0].lstrip("-−+± ")):
        return None  # "5 A" may be a name
    if match["u"] in ("A", "V", "K", "W", "Đ") and place.before("số|số nhà|ngõ|hẻm|lớp|đường|quốc lộ|tổ|khu|thôn|khối"):
        return None
    sign = {"-": "âm ", "−": "âm ", "+": "cộng ", "±": "cộng trừ "}.get((match["sign"] or "").strip(), "")
    plain = f"{_amount(match['n'], place.style)} {unit(match['u'], place.style)}"
    if match["u"] == "A":
        return either(plain, f"{_amount(match['n'], place.style)} a")
    if sign == "âm " and match["u"] not in _COLD:  # or the dash before a line of a list
        return either(sign + plain, plain)
    return _each(sign + plain, match, place.style)


def _each(said: str, match: re.Match[str], style: Style) -> Reading:
    """Return ``said`` with what follows the slash: rates of physics are *trên*, prices and rations *một*."""
    per = match["per"]
    if not per:
        return Reading(said)
    if hours := re.fullmatch(r"(\d+)h", per):
        return Reading(f"{said} trong {cardinal(int(hours[1]), style)} giờ")
    money = match.groupdict().get("u") in MONEY or match.groupdict().get("v") in MONEY
    if per in _RATES and not money:
        return Reading(f"{said} trên {_RATES[per]}")
    one = f"{said} một {UNITS.get(per, per)}"
    return Reading(one) if per in UNITS or is_syllable(per) else either(one)


@rule(r"(?P<a>\d+)(?P<u>m|km|tr|kg)(?P<b>\d{1,3})")
def _mixed(match: re.Match[str], place: Place) -> Reading | str | None:
    if match["u"] == "m" and match["b"] in ("2", "3"):
        return None  # 30m2 is an area
    said = f"{cardinal(int(match['a']), place.style)} {unit(match['u'], place.style)}"
    if match["b"] == "5" and match["u"] in ("kg", "tr"):
        return f"{said} rưỡi"
    return f"{said} {cardinal(int(match['b']), place.style)}"


@rule(rf"/(?P<per>{_EACH})", end=_FINISH)
def _price(match: re.Match[str], place: Place) -> Reading | None:
    """*2 triệu đồng/người*, *15kg gạo/khẩu/tháng*: what follows the slash after a counted word."""
    before = place.text[max(0, place.start - 60) : place.start]
    if not re.search(r"\d[\d.,]*\s*(?:[^\W\d_]+\s+){0,3}[^\W\d_]+[23²³]?(?:/\w+)*$", before):
        return None
    per = match["per"]
    if per in _COUNTED or per in UNITS or not is_syllable(per):
        return _each("", match, place.style)
    return either(f" một {per}", f", {per}")  # 5 anh/chị


@rule(r"(?P<a>\d+)\s?(?:°|º)\s?(?P<b>\d+)\s?['’′](?:\s?(?P<c>\d+)\s?[\"”″])?", end=r"(?!\w)")
def _angle(match: re.Match[str], place: Place) -> str:
    said = f"{cardinal(int(match['a']), place.style)} độ {cardinal(int(match['b']), place.style)} phút"
    return f"{said} {cardinal(int(match['c']), place.style)} giây" if match["c"] else said


@rule(rf"(?P<a>{NUMBER})\s?[x×]\s?(?P<b>{NUMBER})(?:\s?[x×]\s?(?P<c>{NUMBER}))?\s?(?P<u>{_ANY})?", end=_FINISH)
def _size(match: re.Match[str], place: Place) -> str:
    said = " nhân ".join(number(match[name], place.style) for name in "abc" if match[name])
    return f"{said} {unit(match['u'], place.style)}" if match["u"] else said


RULES: tuple[Rule, ...] = (_angle, _size, _span, _mixed, _quantity, _price)
