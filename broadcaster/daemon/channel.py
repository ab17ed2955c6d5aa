"""What is said of the receiver and of the channel while nothing of ours sounds."""

from __future__ import annotations

from collections.abc import Callable

from broadcaster.clock import Clock
from broadcaster.daemon.bus import Bus
from broadcaster.daemon.clips import Clips
from broadcaster.playout.events import FaultRaised
from broadcaster.sound.off_air.carrier import Hears
from broadcaster.sound.off_air.watch import ChannelWatch
from broadcaster.words import Sentence

DEAD, FOREIGN, CARRIER = "monitor", "foreign programme", "foreign carrier"
"""Kinds of faults."""
_GONE_AFTER_S = 3.0


class ChannelReports:
    """Raises the faults, and takes them back when all is well."""

    def __init__(self, bus: Bus, clips: Clips, clock: Clock) -> None:
        self._bus = bus
        self._clips = clips
        self._clock = clock
        self._watch = ChannelWatch()
        self._gone_since: float | None = None
        self._standing: set[str] = set()
        self.hears: Hears | None = None
        """What was heard last."""

    @property
    def alive(self) -> bool | None:
        """Whether the receiver hears anything at all; ``None`` while nobody knows."""
        if DEAD in self._standing:
            return False
        return None if self.hears is None or self.hears is Hears.NOTHING else True

    def gone(self, why: Sentence) -> None:
        """The input is gone; it may come back soon."""
        self.hears = None
        now = self._clock.monotonic()
        self._gone_since = now if self._gone_since is None else self._gone_since
        if now - self._gone_since >= _GONE_AFTER_S:
            self._raise(DEAD, Sentence("Nobody knows whether what is sent is heard: {why}", why=why))

    def take(self, hears: Hears, *, closed: bool, lately: bytearray) -> None:
        """Half a second of ``hears``; ``closed``: our carrier is off; ``lately``: the last seconds as PCM."""
        self._gone_since = None
        self.hears = hears
        found = self._watch.take(hears, closed=closed)
        if self._watch.dead:
            self._raise(DEAD, _SILENT)
        elif hears is not Hears.NOTHING:
            self._well(DEAD)
        if found is Hears.SOUND and (at := self._raise(FOREIGN, _FOREIGN)) is not None:
            self.keep(lambda: self._clips.foreign(at, bytes(lately)))
        elif found is Hears.QUIET:
            self._raise(CARRIER, _CARRIER)
        elif found is Hears.HISS:
            self._well(FOREIGN)
            self._well(CARRIER)

    def keep(self, write: Callable[[], None]) -> None:
        """Write a clip; a full disk is told, and stops nothing."""
        try:
            write()
        except OSError as error:
            told = Sentence("What the monitor heard cannot be kept: {why}", why=str(error))
            self._bus.fault("monitor clip", told, momentary=True)

    def _raise(self, kind: str, sentence: Sentence) -> float | None:
        """Return when it was raised, if it was not before."""
        if kind in self._standing:
            return None
        self._standing.add(kind)
        at = self._clock.now()
        self._bus.emit(FaultRaised(kind, sentence, at))
        return at

    def _well(self, kind: str) -> None:
        if kind in self._standing:
            self._standing.remove(kind)
            self._bus.well(kind)


_SILENT = Sentence(
    "The monitor receiver is silent: look at its power, its squelch (off) and its cable. Until then nobody knows"
    " whether what is sent is heard."
)
_FOREIGN = Sentence("A strange programme sounds on our frequency while our transmitter is off. Call the technician.")
_CARRIER = Sentence(
    "A carrier stands on our frequency although our transmitter is off: look at the transmitter; it may be stuck."
    " If somebody turned the monitor receiver down: start the controller anew, so that it learns how loud it is."
)
