"""What frames every bulletin of the station: signature tune, chimes, spoken intro and outro, bed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from broadcaster.config import readings
from broadcaster.config.settings import AUDIO, SoundSettings
from broadcaster.errors import SoundError
from broadcaster.home import Home
from broadcaster.model.pcm import RATE
from broadcaster.sound.library import Library
from broadcaster.sound.mix import Mix, Part, seconds
from broadcaster.sound.speech import spell
from broadcaster.sound.voices import choose, trouble
from broadcaster.words import Sentence

_log = logging.getLogger(__name__)
_BREATH = RATE // 2
"""Samples of silence between what the station says and the bulletin."""
_LONGEST_S = 120.0


class Frame:
    """Lays the station's frame around what the library holds. One for the process; thread-safe."""

    def __init__(
        self,
        settings: SoundSettings,
        library: Library,
        home: Home,
        tell: Callable[[Sentence], None] = lambda _: None,
    ) -> None:
        """``tell`` is told once when another voice stands in for the station's; quick, never raises."""
        self._settings = settings
        self._library = library
        self._home = home
        self._tell = tell
        self._stood_in: dict[tuple[object, ...], Sentence] = {}
        self._lock = threading.Lock()

    def mix(self, asset_id: str) -> Mix:
        """Return what a broadcast of an asset is made of, by the configuration. Raises ``SoundError``."""
        s = self._settings
        intro, outro = self._said(s.intro), self._said(s.outro)
        return Mix(
            opening=AUDIO / s.opening_chime,
            parts=(
                *((intro, _BREATH) if intro is not None else ()),
                *self._library.parts(asset_id),
                *((_BREATH, outro) if outro is not None else ()),
            ),
            closing=AUDIO / s.closing_chime,
            bed=AUDIO / s.bed if s.bed else None,
            duck_db=s.duck_db,
            peak_dbtp=s.true_peak_dbtp,
            signature=AUDIO / s.signature if s.signature else None,
        )

    def seconds(self, asset_id: str) -> float:
        """Return how long a broadcast of an asset sounds, without rendering it. Raises ``SoundError``."""
        return seconds(self.mix(asset_id))

    def _said(self, words: str) -> Part | None:
        """Return a file of ``audio/``, or words spoken once and kept in the library; never an altered sound."""
        if not words:
            return None
        if words.endswith(".wav"):
            return AUDIO / words
        with self._lock:  # who asks meanwhile for what is being said waits for it
            spoken = self._spoken(words)
            try:
                self._library.whole(spoken)
            except SoundError:
                _log.warning("the sound of %r was changed: it is spoken anew", words)
                self._library.discard(spoken)
                spoken = self._library.whole(self._spoken(words))
        return self._library.path(spoken)

    def _spoken(self, words: str) -> str:
        """Have the words spoken; a voice that failed at them is not tried again as long as nothing of it changes.

        One that hangs would cost half a minute each time, more than there is for preparing.
        """
        sound = self._settings
        text = spell(words, sound, readings.read(self._home.glossary)).spoken
        voice = choose(sound.voice, self._home.voices)
        failing = (text, voice, voice.since, trouble(voice))
        said = self._library.speak(
            text,
            title=words[:60],
            voice=voice.stand_in if failing in self._stood_in else voice,
            longest_s=_LONGEST_S,
            speed=sound.speed,
            written=words,
        )
        if said.notice is not None:
            self._remember(failing, said.notice)
        return said.asset.id

    def _remember(self, failing: tuple[object, ...], notice: Sentence) -> None:
        known = notice in self._stood_in.values()
        self._stood_in[failing] = notice
        if not known:
            self._tell(Sentence("What the station says before and after its bulletins: {notice}", notice=notice))
