"""A rule: a pattern that is tried where a word begins, and what it makes of the match."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from broadcaster.spelling.reading import Place, Reading

Speak: TypeAlias = Callable[[re.Match[str], Place], Reading | str | None]

NUMBER = r"(?:\d{1,3}(?:\.\d{3})+(?!\d)(?:,\d+)?|\d+(?:,\d+)?)"
_BLANK = r" \t\u00a0"
DASH = r"\s?[-–—−]\s?"
END = r"(?![\w%°])(?![.,:/–−-]\d)"
"""What a rule's match must not be followed by: it would be the beginning of something longer."""


@dataclass(frozen=True)
class Rule:
    """``speak`` returns the reading, or ``None`` when the rule does not fit after all."""

    pattern: re.Pattern[str]
    speak: Speak


def rule(pattern: str, *, end: str = END, flags: int = 0) -> Callable[[Speak], Rule]:
    """Return a decorator that makes a rule of what speaks a match of ``pattern`` (spaces in it do not count)."""
    compiled = re.compile(on_one_line(rf"(?:{pattern}){end}"), re.VERBOSE | flags)
    return lambda speak: Rule(compiled, speak)


def on_one_line(pattern: str) -> str:
    """Return a pattern whose white space is on one line: what stands on the next is another item of a list."""
    inside, found = False, []
    for piece in re.findall(r"\\.|.", pattern, re.DOTALL):
        inside = piece == "[" or (inside and piece != "]")
        found.append((_BLANK if inside else f"[{_BLANK}]") if piece == r"\s" else piece)
    return "".join(found)


def either(*choices: str) -> Reading:
    """Return a reading that a person must choose; the first is proposed."""
    return Reading(choices[0], choices)
