"""The channel while our transmitter is off: is it free, does somebody else sound, is the receiver alive?"""

from __future__ import annotations

from collections import deque

from broadcaster.sound.off_air.carrier import Hears

_HALVES = 20
"""Ten seconds of halves of a second."""
_ENOUGH = 6
_SINCE = 16
"""A programme is told when it has gone on for eight seconds, so that the clip holds some of it."""


class ChannelWatch:
    """Takes half a second at a time."""

    def __init__(self) -> None:
        self._last: deque[Hears] = deque(maxlen=_HALVES)
        self._hissed = False
        self._nothing = 0

    @property
    def dead(self) -> bool:
        """Ten seconds of nothing at all."""
        return self._nothing >= _HALVES

    def take(self, hears: Hears, *, closed: bool) -> Hears | None:
        """Return ``SOUND`` while a strange programme sounds, ``QUIET`` while a bare carrier stands, ``HISS`` while

        the channel is free; ``None`` is not known. ``closed``: our own carrier is off.
        """
        self._nothing = self._nothing + 1 if hears is Hears.NOTHING else 0
        if not closed:  # what was heard before says nothing of others
            self._last.clear()
            return None
        self._last.append(hears)
        self._hissed = self._hissed or hears is Hears.HISS
        last = list(self._last)
        if last.count(Hears.SOUND) >= _ENOUGH:
            return Hears.SOUND if len(last) - last.index(Hears.SOUND) >= _SINCE else None
        if len(last) < _HALVES:
            return None
        if last.count(Hears.QUIET) == _HALVES:  # a receiver that was never heard to hiss has its squelch on
            return Hears.QUIET if self._hissed else None
        return Hears.HISS if last.count(Hears.HISS) >= _HALVES - 2 else None
