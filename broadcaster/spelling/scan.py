"""Reads a text from left to right and asks each rule in turn; the first that fits speaks."""

from __future__ import annotations

import unicodedata

from broadcaster.spelling import codes, dates, documents, plain, quantities, times
from broadcaster.spelling.glossary import Glossary, built_in
from broadcaster.spelling.letters import has_marks, is_syllable
from broadcaster.spelling.reading import NORTHERN, Part, Place, Reading, Spelt, Style
from broadcaster.spelling.rule import Rule
from broadcaster.spelling.words import all_capitals, word

_CODES: tuple[Rule, ...] = (*documents.RULES, *codes.RULES)
_OTHERS: tuple[Rule, ...] = (*dates.RULES, *times.RULES, *quantities.RULES, *plain.RULES, *codes.LAST)
_ENOUGH_WORDS = 4
_NONE = Glossary({})


def spelt(text: str, style: Style = NORTHERN, glossary: Glossary = _NONE) -> Spelt:
    """Return ``text`` spelt out. ``glossary`` is the station's own; it goes before every rule.

    What is unsure is spoken as proposed, and listed in ``Spelt.unsure``: it must be confirmed before it may sound.
    """
    text = unicodedata.normalize("NFC", text)
    parts: list[Part] = []
    start = 0
    while start < len(text):
        part = _part(text, start, style, glossary)
        parts.append(part)
        start += len(part.written)
    return Spelt(tuple(parts), bare=len(text.split()) >= _ENOUGH_WORDS and not has_marks(text))


def _part(text: str, start: int, style: Style, glossary: Glossary) -> Part:
    own = _known(text, start, glossary)
    if own or (start > 0 and text[start - 1].isalnum() and text[start] != "/"):
        return own or word(text, start)
    return (
        _ruled(_CODES, text, start, style)
        or _term(text, start)
        or _ruled(_OTHERS, text, start, style)
        or word(text, start)
    )


def _ruled(rules: tuple[Rule, ...], text: str, start: int, style: Style) -> Part | None:
    for one in rules:
        found = one.pattern.match(text, start)
        said = one.speak(found, Place(text, start, found.end(), style)) if found and found[0] else None
        if found and said is not None:
            reading = Reading(said) if isinstance(said, str) else said
            return Part(found[0], reading.spoken, reading.choices, sure=not reading.choices)
    return None


def _term(text: str, start: int) -> Part | None:
    """Return an entry of the product's table; in a heading in capitals AM and CA are words."""
    found = _known(text, start, built_in())
    heading = found is not None and is_syllable(found.written) and all_capitals(text, start, found.written)
    return None if heading else found


def _known(text: str, start: int, glossary: Glossary) -> Part | None:
    written = glossary.match(text, start)
    if written is None:
        return None
    choices, end = glossary.entries[written], start + len(written)
    before, after = (" " if neighbour.isalnum() else "" for neighbour in (text[start - 1 : start], text[end : end + 1]))
    spoken = f"{before}{choices[0]}{after}"  # /chị, said as một chị, stands close to the word before it
    return Part(written, spoken, choices, sure=False) if written in glossary.doubtful else Part(written, spoken)
