"""What a voice is given to say: the text spelt out, and fit for speaking."""

from __future__ import annotations

import unicodedata

from broadcaster.config.settings import SoundSettings
from broadcaster.errors import SoundError
from broadcaster.model.pcm import RATE, SAMPLE_BYTES
from broadcaster.spelling import NORTHERN, SOUTHERN, Part, Spelt, spelt
from broadcaster.spelling.glossary import Glossary
from broadcaster.words import Sentence

LONGEST_TEXT = 20_000
"""Characters: about twenty minutes of speech."""
_STYLES = {"north": NORTHERN, "south": SOUTHERN}


def spell(text: str, settings: SoundSettings, glossary: Glossary, *, language: str = "vi") -> Spelt:
    """Return what the voice will be given for ``text``: spelt out where text and voice are Vietnamese."""
    if language == "vi" and settings.voice.startswith("vi"):
        return spelt(text, _STYLES[settings.numbers], glossary)
    return Spelt((Part(text, text),))


def checked(text: str) -> str:
    """Return the text fit for speaking. Raises ``SoundError`` when it is empty or too long."""
    if len(text) > LONGEST_TEXT:
        raise SoundError(
            Sentence(
                "The text has {length} characters: at most {most} can be spoken at a time.",
                length=len(text),
                most=LONGEST_TEXT,
            )
        )
    # the voice knows Vietnamese letters in their composed form only
    composed = unicodedata.normalize("NFC", text)
    clean = "".join(c if c.isprintable() or c.isspace() else " " for c in composed).strip()
    if not any(c.isalnum() for c in clean):
        raise SoundError(Sentence("There is nothing to say: type a text."))
    return clean


def file_bytes(longest_s: float) -> int:
    """Return what a canonical WAV file of ``longest_s`` seconds may take at most."""
    return int((longest_s + 5) * RATE * SAMPLE_BYTES) + 65536
