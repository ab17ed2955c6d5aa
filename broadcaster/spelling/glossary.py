"""Words and what is said for them: the table that comes with the product, and the station's own, in one format.

A line is ``WRITTEN = words`` or, where a person must say which is meant, ``WRITTEN ? words | words``. Empty lines and
lines that begin with ``#`` do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from importlib.resources import files

_LINE = re.compile(r"(?P<written>\S.*?)\s+(?P<how>[=?])\s+(?P<words>\S.*)")
_DOCUMENTS = "\n[documents]\n"


def _after(last: str) -> str:
    """Return what an entry that ends with ``last`` must not be followed by: it would be part of something longer."""
    if last.isdigit():
        return r"(?![^\W_]|[%°]|[.,:/–−-]\d)"
    return r"(?![^\W_])" if last.isalnum() else ""


class Glossary:
    """What is said for words and abbreviations. The longest one that fits counts; letters count as they are written."""

    def __init__(self, entries: Mapping[str, tuple[str, ...]], doubtful: Iterable[str] = ()) -> None:
        """``entries`` gives the words for each; those in ``doubtful`` need a person to choose."""
        self.entries = dict(entries)
        self.doubtful = frozenset(doubtful)

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        if not self.entries:
            return None
        longest_first = sorted(self.entries, key=len, reverse=True)
        return re.compile("|".join(re.escape(one) + _after(one[-1]) for one in longest_first))

    def knowing(self, meanings: Mapping[str, str]) -> Glossary:
        """Return a glossary in which a person has said what some words mean."""
        chosen = {written: (words,) for written, words in meanings.items()}
        return Glossary(self.entries | chosen, self.doubtful - set(meanings))

    def match(self, text: str, start: int) -> str | None:
        """Return the longest entry that stands at ``start``."""
        found = self._pattern.match(text, start) if self._pattern else None
        return found[0] if found else None


def parse(lines: Iterable[str]) -> Glossary:
    """Return the glossary of ``lines``. Lines that are none are passed over."""
    entries, doubtful = {}, set()
    for line in lines:
        found = _LINE.fullmatch(line.strip())
        if found is None or line.startswith("#"):
            continue
        entries[found["written"]] = tuple(one.strip() for one in found["words"].split("|"))
        if found["how"] == "?":
            doubtful.add(found["written"])
    return Glossary(entries, doubtful)


def written(glossary: Glossary) -> str:
    """Return the lines of a glossary, as :func:`parse` reads them."""
    lines = [
        f"{one} {'?' if one in glossary.doubtful else '='} {' | '.join(words)}\n"
        for one, words in glossary.entries.items()
    ]
    return "".join(lines)


def _lines() -> tuple[list[str], list[str]]:
    text = (files("broadcaster.spelling") / "terms.txt").read_text(encoding="utf-8")
    terms, _, documents = text.partition(_DOCUMENTS)
    return terms.splitlines(), documents.splitlines()


@cache
def built_in() -> Glossary:
    """Return the table that comes with the product."""
    return parse(_lines()[0])


@cache
def documents() -> Mapping[str, str]:
    """Return what the letters of a document's number stand for."""
    return {written: words[0] for written, words in parse(_lines()[1]).entries.items()}
