"""Emergency sound, rendered ahead and held in memory: it needs no disk, no database and no child when it counts."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from broadcaster.config.settings import MessageSettings, Settings
from broadcaster.errors import SoundError, UsageError
from broadcaster.model.pcm import BLOCK_BYTES, RATE, SAMPLE_BYTES
from broadcaster.playout.programme import Repeat
from broadcaster.sound import prepared
from broadcaster.sound.prepared import not_armed
from broadcaster.sound.source import MemorySource
from broadcaster.sound.voices import Voice, choose
from broadcaster.spelling.glossary import Glossary
from broadcaster.words import Sentence

_log = logging.getLogger(__name__)
_PAUSE = bytes(RATE * SAMPLE_BYTES // 2 // BLOCK_BYTES * BLOCK_BYTES)
SIREN_ONLY = ""


class Emergencies:
    """The siren is there from construction on; the messages follow within seconds."""

    def __init__(
        self, settings: Settings, glossary: Glossary, voices: Path, trouble: Callable[[str, Sentence], None]
    ) -> None:
        """``glossary`` and the folder of ``voices`` are the station's own.

        ``trouble`` is told, by name, of each message that could not be rendered: its siren sounds all the same.
        """
        self._settings = settings
        self._glossary = glossary
        self._voices = voices
        self._trouble = trouble
        own = {one.name: prepared.siren(settings.emergency, one) for one in settings.emergency.message if one.siren}
        self._sirens = {SIREN_ONLY: prepared.siren(settings.emergency), **own}
        self._rounds: dict[str, bytes] = {}
        threading.Thread(target=self._render, name="emergency messages", daemon=True).start()

    @property
    def repeat(self) -> Repeat:
        """How an emergency repeats."""
        s = self._settings.emergency
        return Repeat(s.repeat_gap_s, s.longest_min * 60)

    def title(self, name: str) -> str:
        """Return what officials call the message. Raises ``UsageError`` when there is none of that name."""
        if name == SIREN_ONLY:
            return "Khẩn cấp"
        for message in self._settings.emergency.message:
            if message.name == name:
                return message.title
        names = ", ".join(message.name for message in self._settings.emergency.message)
        raise UsageError(Sentence("No emergency message is called {name}. There are: {names}.", name=name, names=names))

    def first(self) -> str:
        """Return the message that sounds when none is named."""
        messages = self._settings.emergency.message
        return messages[0].name if messages else SIREN_ONLY

    def sound(self, name: str) -> MemorySource:
        """Return one round: siren and message, or the siren alone while the message is not rendered."""
        return MemorySource(self._rounds.get(name) or self._siren_of(name))

    def _render(self) -> None:
        """First what is quick and sure: a better voice may take minutes, or hang."""
        better = choose(self._settings.sound.voice, self._voices)
        for voice in dict.fromkeys([better.stand_in, better]):
            for message in self._settings.emergency.message:
                if voice == better or not message.file:
                    self._prepare(message, voice)

    def _prepare(self, message: MessageSettings, voice: Voice) -> None:
        try:
            said = prepared.said(message, self._settings, self._glossary, voice)
            self._rounds[message.name] = self._siren_of(message.name) + _PAUSE + said + _PAUSE
        except SoundError as error:
            if message.name not in self._rounds:
                _log.error("emergency message %s: %s", message.name, error)
                self._trouble(message.name, not_armed(message.title, error.sentence))

    def _siren_of(self, name: str) -> bytes:
        return self._sirens.get(name, self._sirens[SIREN_ONLY])
