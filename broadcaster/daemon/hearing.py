"""One broadcast as the monitor receiver follows it, from its carrier to a verdict."""

from __future__ import annotations

from broadcaster.model.broadcast import Broadcast, State
from broadcaster.model.pcm import RATE, SAMPLE_BYTES
from broadcaster.sound.off_air.judgement import LATE, Judgement
from broadcaster.sound.off_air.listening import CLIP_S
from broadcaster.sound.off_air.track import Track

_CLIP_BYTES = CLIP_S * RATE * SAMPLE_BYTES
_PATIENCE = 100
"""Rows, two seconds, to wait for what is still on its way; a receiver that has died brings nothing."""


class Hearing:
    """``number`` is that of a row, on the clock of both streams (see ``off_air.track``)."""

    def __init__(self, broadcast: Broadcast, judgement: Judgement, *, carried: bool) -> None:
        self.broadcast = broadcast
        self.judgement = judgement
        self.carried = carried
        """Whether there was a carrier; without one there is nothing to judge."""
        self.alarmed = False
        self.clip_kept = False
        self.clip = bytearray()
        self._on_air = False
        self._end: int | None = None

    @property
    def is_over(self) -> bool:
        return self._end is not None

    @property
    def clip_is_full(self) -> bool:
        return len(self.clip) >= _CLIP_BYTES

    def enter(self, state: State) -> None:
        """The clip begins with the programme; until then with carrier and codes."""
        if state is State.ON_AIR and not self._on_air and not self.clip_kept:
            self._on_air = True
            self.clip.clear()

    def end(self, number: int) -> None:
        """The carrier is off, or another broadcast has it; the first time counts."""
        self._end = number if self._end is None else self._end

    def hear(self, pcm: bytes) -> None:
        """Keep this for the clip."""
        self.clip += pcm[: _CLIP_BYTES - len(self.clip)]

    def can_be_settled(self, heard: Track, now: int, *, proven: bool) -> bool:
        """Return whether all has come that will.

        ``proven``: it is known to be a receiver; else the hiss after our carrier may still prove it, as when a
        broadcast is the first that there is after a start.
        """
        if self._end is None:
            return False
        return (proven and heard.end >= self._end + LATE) or now >= self._end + LATE + _PATIENCE

    def settle(self, sent: Track, heard: Track, now: int) -> None:
        """Nothing more comes: judge what is left."""
        self.judgement.look(sent, heard)
        self.judgement.finish(sent, heard, now if self._end is None else self._end)
