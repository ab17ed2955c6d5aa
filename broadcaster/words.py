"""Sentences for people: written once in English, shown in Vietnamese unless English is asked for.

A :class:`Sentence` travels as text and values, so that the daemon may log it in English, a page may show
it in Vietnamese, and a row of the log book may keep it for either.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("vi", "en")
_LOCALE = Path(__file__).parent / "locale"


@dataclass(frozen=True, init=False)
class Sentence:
    """One message: an English text with ``{fields}`` and the values that fill them.

    A value may be a sentence itself; it is then shown in the same language.
    """

    text: str
    values: Mapping[str, object]

    def __init__(self, text: str, /, **values: object) -> None:
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "values", values)

    def __str__(self) -> str:
        return self.to("en")

    def __hash__(self) -> int:
        return hash((self.text, tuple(sorted(self.values))))

    def to(self, language: str) -> str:
        """Return the message in ``language`` (``"vi"`` or ``"en"``)."""
        values = {k: v.to(language) if isinstance(v, Sentence) else v for k, v in self.values.items()}
        return _catalogue(language).gettext(self.text).format(**values)

    def as_json(self) -> dict[str, Any]:
        """Return what :meth:`from_json` turns back into this sentence."""
        plain = (int, float, str, bool, type(None))
        values: dict[str, Any] = {}
        for name, value in self.values.items():
            nested = value.as_json() if isinstance(value, Sentence) else value
            values[name] = nested if isinstance(nested, (dict, *plain)) else str(nested)
        return {"text": self.text, "values": values}

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Sentence:
        """Rebuild a sentence; the inverse of :meth:`as_json`. What is none, is shown as it is."""
        if not isinstance(data, Mapping) or "text" not in data:
            return cls("{text}", text=str(data))
        values = {k: cls.from_json(v) if isinstance(v, dict) else v for k, v in data.get("values", {}).items()}
        return cls(data["text"], **values)


def language_of_user(environment: Mapping[str, str] = os.environ) -> str:
    """Return the language asked for by ``BROADCASTER_LANGUAGE``; Vietnamese when nothing is."""
    asked = environment.get("BROADCASTER_LANGUAGE", "vi")[:2].lower()
    return asked if asked in LANGUAGES else "vi"


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("broadcaster", _LOCALE, [language], fallback=True)
