"""What frames every bulletin of the station: signature tune, chimes, spoken intro and outro, bed."""

from __future__ import annotations

import logging

from broadcaster.config import readings
from broadcaster.config.settings import AUDIO, SoundSettings
from broadcaster.errors import SoundError
from broadcaster.home import Home
from broadcaster.model.pcm import RATE
from broadcaster.sound.library import Library
from broadcaster.sound.mix import Mix, Part, seconds
from broadcaster.sound.speech import spell
from broadcaster.sound.voices import choose

_log = logging.getLogger(__name__)
_BREATH = RATE // 2
"""Samples of silence between what the station says and the bulletin."""
_LONGEST_S = 120.0


class Frame:
    """Lays the station's frame around what the library holds."""

    def __init__(self, settings: SoundSettings, library: Library, home: Home) -> None:
        self._settings = settings
        self._library = library
        self._home = home

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
        spoken = self._spoken(words)
        try:
            self._library.whole(spoken)
        except SoundError:
            _log.warning("the sound of %r was changed: it is spoken anew", words)
            self._library.discard(spoken)
            spoken = self._library.whole(self._spoken(words))
        return self._library.path(spoken)

    def _spoken(self, words: str) -> str:
        sound = self._settings
        spoken = spell(words, sound, readings.read(self._home.glossary))
        said = self._library.speak(
            spoken.spoken,
            title=words[:60],
            voice=choose(sound.voice, self._home.voices),
            longest_s=_LONGEST_S,
            speed=sound.speed,
            written=words,
        )
        return said.asset.id
