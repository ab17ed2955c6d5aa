"""The numbers of documents: 12/2026/QĐ-UBND, as decree 30/2020/NĐ-CP wants them written, and the Party's 12-NQ/TW."""

from __future__ import annotations

import re

from broadcaster.spelling.glossary import documents
from broadcaster.spelling.letters import named
from broadcaster.spelling.numbers import cardinal, one_by_one
from broadcaster.spelling.reading import Place, Reading, Style
from broadcaster.spelling.rule import Rule, rule

_SYMBOL = r"(?:TTg|TTr|CTr|[A-ZĐ]{1,10}\d{0,2})"


def _symbols(symbols: str, style: Style) -> Reading:
    """Return what the letters of a document's number stand for, with pauses."""
    known = [_symbol(one, style) for one in re.split(r"[-.–&]", symbols) if one]
    said = ", ".join(words or letters for words, letters in known)
    return Reading(said) if all(words for words, _ in known) else Reading(said, (said,))


def _symbol(written: str, style: Style) -> tuple[str | None, str]:
    if parliament := re.fullmatch(r"QH(\d+)", written):
        return f"Quốc hội khóa {cardinal(int(parliament[1]), style)}", ""
    return documents().get(written), named(re.sub(r"\d", "", written))


@rule(rf"(?P<n>\d{{1,5}})(?:/(?P<y>(?:19|20)\d\d))?/(?P<s>{_SYMBOL}(?:\s?[-.–&]\s?{_SYMBOL})*)")
def _document(match: re.Match[str], place: Place) -> Reading:
    symbols = _symbols(match["s"].replace(" ", ""), place.style)
    parts = [_cited(match["n"], place.style)]
    if match["y"]:
        parts.append(cardinal(int(match["y"]), place.style))
    return Reading(
        " trên ".join([*parts, symbols.spoken]), tuple(" trên ".join([*parts, one]) for one in symbols.choices)
    )


@rule(r"(?P<n>\d{1,5})-(?P<s>[A-ZĐ]{2,3}/[A-ZĐ]{2,4})")
def _party_document(match: re.Match[str], place: Place) -> Reading:
    symbols = _symbols(match["s"].replace("/", "-"), place.style)
    said = f"{_cited(match['n'], place.style)}, {symbols.spoken}"
    return Reading(said, (said,) if symbols.choices else ())


def _cited(written: str, style: Style) -> str:
    return one_by_one(written) if written[0] == "0" else cardinal(int(written), style)


RULES: tuple[Rule, ...] = (_document, _party_document)
