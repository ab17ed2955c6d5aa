"""The computer voice: espeak-ng, the last resort of voices. Speaking happens in a limited child, ``sound.espeak``."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

from broadcaster.config.settings import SoundSettings
from broadcaster.errors import SoundError
from broadcaster.model.pcm import RATE, SAMPLE_BYTES
from broadcaster.sound.child import Limits, run_child
from broadcaster.spelling import NORTHERN, SOUTHERN, Part, Spelt, spelt
from broadcaster.spelling.glossary import Glossary
from broadcaster.words import Sentence

LONGEST_TEXT = 20_000
"""Characters: about twenty minutes of speech."""
FALLBACK_NOTE = "espeak-ng"
"""Marks an asset that the fallback voice spoke."""
_STYLES = {"north": NORTHERN, "south": SOUTHERN}
_WORKER = "broadcaster.sound.espeak"
_LONGEST_IN_MEMORY_S = 600


def spell(text: str, settings: SoundSettings, glossary: Glossary, *, language: str = "vi") -> Spelt:
    """Return what the voice will be given for ``text``: spelt out where text and voice are Vietnamese."""
    if language == "vi" and settings.voice.startswith("vi"):
        return spelt(text, _STYLES[settings.numbers], glossary)
    return Spelt((Part(text, text),))


def speak_to_memory(text: str, *, voice: str) -> bytes:
    """Return ``text`` spoken, as canonical PCM, without touching the disk; at most ten minutes of it.

    Raises ``SoundError``.
    """
    arguments = [voice, "-", str(_LONGEST_IN_MEMORY_S)]
    return run_child(_WORKER, arguments, Limits(seconds=120, file_bytes=0), checked(text).encode())


def speak_to_file(text: str, target: Path, *, voice: str, longest_s: float) -> dict[str, float | None]:
    """Write ``text``, spoken, as a canonical WAV file; return what ``canonical.store`` measures.

    Raises ``SoundError``, and may then leave an unfinished file.
    """
    limits = Limits(seconds=120, file_bytes=file_bytes(longest_s))
    measured = run_child(_WORKER, [voice, str(target), str(longest_s)], limits, checked(text).encode())
    return dict(json.loads(measured))


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
