"""One round of an emergency: its siren, and what is said or played after it."""

from __future__ import annotations

import logging

from broadcaster.config.settings import AUDIO, EmergencySettings, MessageSettings, Settings
from broadcaster.errors import SoundError
from broadcaster.model import sirens
from broadcaster.sound import signals
from broadcaster.sound.goal import Target
from broadcaster.sound.source import FileSource
from broadcaster.sound.speaking import speak_to_memory
from broadcaster.sound.speech import spell
from broadcaster.sound.voices import Voice
from broadcaster.spelling.glossary import Glossary
from broadcaster.words import Sentence

_log = logging.getLogger(__name__)


def siren(settings: EmergencySettings, message: MessageSettings | None = None) -> bytes:
    """Return the siren, or that of a message which has its own; what cannot be read is wailed instead."""
    wanted = (message.siren if message else "") or settings.siren
    if sirens.is_file(wanted):
        try:
            return b"".join(FileSource(AUDIO / wanted))
        except SoundError:
            return signals.siren()
    return signals.patterned(sirens.pattern(wanted) or sirens.NAMED["wail"], settings.siren_s)


def said(message: MessageSettings, settings: Settings, glossary: Glossary, voice: Voice) -> bytes:
    """Return what follows the siren. Raises ``SoundError`` when it cannot be decoded, or spoken."""
    if message.file:
        return b"".join(FileSource(AUDIO / message.file))
    sound = settings.sound
    spoken = spell(message.text, sound, glossary)
    for part in spoken.unsure:  # a message that might be said wrongly is better than none
        _log.warning("emergency message %s: %s is said as %s", message.name, part.written, part.spoken)
    return speak_to_memory(spoken.spoken, voice=voice, speed=sound.speed, goal=Target.of(sound)).sound


def not_armed(title: str, why: Sentence) -> Sentence:
    """Return the alarm for a message that cannot be prepared."""
    return Sentence(
        "NOT ARMED: the emergency message “{title}” cannot be prepared, only its siren will sound. ({why})",
        title=title,
        why=why,
    )
