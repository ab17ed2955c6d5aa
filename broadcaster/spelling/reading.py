"""What comes of spelling a text out: parts, and the style of numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Style:
    """How numbers are said where the station stands."""

    thousand: str
    odd: str
    """The word between hundreds and ones: 105 is *một trăm linh năm* or *một trăm lẻ năm*."""
    four: str
    """The last word of 24."""


NORTHERN = Style("nghìn", "linh", "tư")
SOUTHERN = Style("ngàn", "lẻ", "bốn")


@dataclass(frozen=True)
class Reading:
    """The words for something written. With ``choices`` nobody but a person can know which of them is meant."""

    spoken: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A piece of the text as it is written, and as it is said."""

    written: str
    spoken: str
    choices: tuple[str, ...] = ()
    sure: bool = True


_OPEN, _CLOSE = "\ue000", "\ue001"  # no text has them: they are nobody's letters


def _joined(pieces: Iterable[str]) -> str:
    joined = re.sub(r"[ \t\u00a0]+", " ", "".join(pieces))
    joined = re.sub(r" ([,.;:?!])", r"\1", joined)
    joined = re.sub(r",(?:\s*,)+", ",", joined)
    return re.sub(r",\s*(?=[.;:?!\n]|$)", "", joined).strip()


@dataclass(frozen=True)
class Spelt:
    """A whole text. ``parts`` joined by what is written give the text back, letter by letter."""

    parts: tuple[Part, ...]
    bare: bool = False
    """The text has no Vietnamese marks at all: whatever is said will be wrong."""

    @cached_property
    def spoken(self) -> str:
        """The words for the voice."""
        return _joined(part.spoken for part in self.parts)

    @cached_property
    def marked(self) -> tuple[tuple[str, bool], ...]:
        """``spoken`` in pieces, each with whether it is sure: for showing what must be looked at."""
        apart = _joined(part.spoken if part.sure else f"{_OPEN}{part.spoken}{_CLOSE}" for part in self.parts)
        pieces = re.split(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}", apart)
        return tuple((piece, number % 2 == 0) for number, piece in enumerate(pieces) if piece)

    @cached_property
    def unsure(self) -> tuple[Part, ...]:
        """Each thing that must be confirmed, once, in the order of the text."""
        return tuple({part.written: part for part in self.parts if not part.sure}.values())


@dataclass(frozen=True)
class Place:
    """Where in the text a rule is tried."""

    text: str
    start: int
    end: int
    style: Style

    def before(self, words: str) -> bool:
        """Whether one of ``words`` (alternatives of a pattern) stands just before."""
        near = self.text[max(0, self.start - 40) : self.start]
        return re.search(rf"(?:^|[^\w])(?:{words})[ \t\u00a0:,.(]*$", near, _FLAGS) is not None

    def after(self, words: str) -> bool:
        """Whether one of ``words`` (alternatives of a pattern) follows."""
        return re.match(rf"[ \t\u00a0(]*(?:{words})(?!\w)", self.text[self.end : self.end + 40], _FLAGS) is not None


_FLAGS = re.IGNORECASE
