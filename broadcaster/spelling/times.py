"""Hours of the day, and how long something takes."""

from __future__ import annotations

import re

from broadcaster.spelling.numbers import cardinal
from broadcaster.spelling.reading import Place, Reading, Style
from broadcaster.spelling.rule import DASH, Rule, either, rule

_CLOCK = r"(?P<{h}>\d{{1,2}})\s?(?:[hHgG](?:\s?(?P<{m}>[0-5]\d)(?:\s?(?:'|’|ph(?:út)?|p))?)?|:(?P<{c}>[0-5]\d))"
_FIRST = _CLOCK.format(h="h", m="m", c="c")
_SECOND = _CLOCK.format(h="h2", m="m2", c="c2")


def _clock(hour: str, minute: str | None, style: Style) -> str:
    said = f"{cardinal(int(hour), style)} giờ"
    return f"{said} {cardinal(int(minute), style)} phút" if minute and int(minute) else said


@rule(rf"{_FIRST}{DASH}{_SECOND}")
def _span(match: re.Match[str], place: Place) -> str:
    first = _clock(match["h"], match["m"] or match["c"], place.style)
    return f"{first} đến {_clock(match['h2'], match['m2'] or match['c2'], place.style)}"


@rule(rf"(?P<h>\d{{1,2}}){DASH}{_SECOND}")
def _short_span(match: re.Match[str], place: Place) -> str | None:
    if int(match["h"]) >= int(match["h2"]):
        return None
    return (
        f"{cardinal(int(match['h']), place.style)} đến {_clock(match['h2'], match['m2'] or match['c2'], place.style)}"
    )


@rule(r"(?P<h>[01]?\d|2[0-4])[:h](?P<m>[0-5]\d)[:m'](?P<s>[0-5]\d)s?")
def _with_seconds(match: re.Match[str], place: Place) -> str:
    hour, minute, second = (cardinal(int(match[name]), place.style) for name in "hms")
    return f"{hour} giờ {minute} phút {second} giây"


@rule(r"(?P<a>\d+):(?P<b>\d{1,3}(?:\.\d{3})+|\d+)")
def _ratio(match: re.Match[str], place: Place) -> str | None:
    if not place.before("tỷ lệ|tỉ lệ|tỷ xích"):
        return None
    first, second = (cardinal(int(match[name].replace(".", "")), place.style) for name in "ab")
    return f"{first} trên {second}"


@rule(_FIRST)
def _hour(match: re.Match[str], place: Place) -> Reading | str | None:
    hour, minute = match["h"], match["m"] or match["c"]
    said = _clock(hour, minute, place.style)
    if match["c"] and int(hour) > 24:
        return None
    if re.search(r"[gG]", match[0]) and not minute and not place.before("lúc|từ|đến|tới|trước|sau|vào|khoảng"):
        return either(f"{cardinal(int(hour), place.style)} gam", said)  # 5g
    return said


@rule(r"(?P<n>\d+)(?:'|’|ph)")
def _minutes(match: re.Match[str], place: Place) -> str:
    return f"{cardinal(int(match['n']), place.style)} phút"


RULES: tuple[Rule, ...] = (_with_seconds, _ratio, _span, _short_span, _hour, _minutes)
