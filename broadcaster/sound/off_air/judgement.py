"""Did this broadcast sound? It is judged by pieces of ten seconds, as it goes on."""

from __future__ import annotations

from collections import Counter
from enum import Enum

import numpy as np

from broadcaster.config.monitor import MonitorSettings
from broadcaster.model.verdict import Verdict
from broadcaster.sound.off_air.carrier import HALF, Channel, Hears
from broadcaster.sound.off_air.identity import likeness, movement
from broadcaster.sound.off_air.spectrum import LEVEL, Rows, decibels
from broadcaster.sound.off_air.track import Track
from broadcaster.words import Sentence

EARLY, LATE = 10, 40
"""Rows by which what is heard may seem to come before, or come after, what was sent: buffers on both ways."""
_PIECE, _STEP = 500, 250
_RUN = 300
"""Rows of nothing but hiss, six seconds, that make a carrier missing."""
_ENOUGH = 150
_SENT = 75
"""Rows with sound that a piece must have before anything can be said of it."""
_UNKNOWN_SHARE = 0.2
_MOST, _FEW = 0.9, 0.1
_MOVES = 0.2
"""What moves less, a steady siren or a time signal, could be anybody's."""
_TOO_LITTLE = Sentence("too little sounded to tell")
_NO_RECEIVER = Sentence(
    "this receiver was never heard to hiss while the station was off: is its squelch off, is it a receiver?"
)


class Finding(Enum):
    """What comes of one piece; the value says it in words where that is not what should be."""

    HEARD = None
    NO_CARRIER = Sentence("only hiss: the transmitter does not radiate")
    SILENCE = Sentence("a carrier without sound: look at the cable from the sound card to the transmitter")
    OTHER = Sentence("another sound than ours: look at the transmitter's input, or who else sends on this frequency")
    DEAF = Sentence("the monitor receiver was silent for a part of the time")


class Judgement:
    """Of one broadcast. ``begin`` is the number of the row at which its carrier was there."""

    def __init__(self, settings: MonitorSettings, channel: Channel, begin: int) -> None:
        self._settings = settings
        self._channel = channel
        self._begin = self._next = begin
        self._found: Counter[Finding] = Counter()
        self._latest: Finding | None = None
        self._hissed = False
        self.sent_codes: set[str] = set()
        self.heard_codes: set[str] = set()

    @property
    def alarm(self) -> Sentence | None:
        """What is wrong just now, in words."""
        return self._latest.value if self._latest else None

    @property
    def now(self) -> bool | None:
        """Whether it is heard just now; ``None`` while nobody knows."""
        if self._latest is None or (self._latest is Finding.HEARD and not self._channel.is_proven):
            return None
        return self._latest is Finding.HEARD

    def look(self, sent: Track, heard: Track) -> None:
        """Judge the pieces of which everything has come."""
        while heard.end >= self._next + _PIECE + LATE:
            self._take(self._piece(sent, heard, self._next, _PIECE))
            self._next += _STEP
        if self._hisses(sent, heard):
            self._latest = Finding.NO_CARRIER
            self._hissed = True

    def finish(self, sent: Track, heard: Track, end: int) -> None:
        """It ended at row ``end``: judge what is left, with enough before it."""
        begin = max(self._begin, end - _PIECE)
        judged_until = self._next - _STEP + _PIECE if self._next > self._begin else self._begin
        if end - begin >= _ENOUGH and end > judged_until:
            self._take(self._piece(sent, heard, begin, end - begin))
        elif end > begin and not self._found and self._is_deaf(heard.read(begin, end - begin)):
            self._take(Finding.DEAF)

    def verdict(self) -> tuple[Verdict, Sentence | None]:
        """Return what is to be said of it so far, and why it is not simply heard."""
        deaf = self._found[Finding.DEAF]
        judged = sum(self._found.values()) - deaf
        if not judged:
            return (Verdict.NO_MONITOR, None) if deaf else (Verdict.DOUBTFUL, _TOO_LITTLE)
        if self._found[Finding.HEARD] <= _FEW * judged:
            return Verdict.NOT_HEARD, self._wrong()[0]
        doubt = self._doubt(judged, deaf)
        return (Verdict.DOUBTFUL if doubt else Verdict.HEARD), doubt

    def _doubt(self, judged: int, deaf: int) -> Sentence | None:
        """Return why what was heard for the most part is not verified."""
        if wrong := self._wrong():  # however short against the rest: the alarm was raised for it
            return Sentence("heard for a part of the time; then: {why}", why=wrong[0])
        if deaf > _FEW * judged:
            return Finding.DEAF.value
        if missing := sorted(self.sent_codes - self.heard_codes):
            return Sentence("these codes were not heard back: {codes}", codes=" ".join(missing))
        return None if self._channel.is_proven else _NO_RECEIVER

    def _wrong(self) -> list[Sentence]:
        """Return what was wrong at any time, the most frequent first."""
        pieces = (one for one, _ in self._found.most_common() if one is not Finding.DEAF)
        wrong = [one.value for one in pieces if one.value is not None]
        return wrong or ([Finding.NO_CARRIER.value] if self._hissed else [])

    def _take(self, finding: Finding | None) -> None:
        if finding is not None:
            self._found[finding] += 1
            self._latest = None if finding is Finding.DEAF else finding

    def _piece(self, sent: Track, heard: Track, begin: int, count: int) -> Finding | None:
        """Return what a piece is; ``None`` when nothing was sent of which anything could be said."""
        mine = np.nan_to_num(sent.read(begin, count))
        theirs = heard.read(begin - EARLY, count + EARLY + LATE)
        if self._is_deaf(theirs):
            return Finding.DEAF
        if self._sounding(mine) < _SENT:
            return None
        theirs = np.nan_to_num(theirs)
        loud = decibels(float(theirs[:, LEVEL].mean())) > self._settings.quiet_dbfs
        moves = movement(mine) >= _MOVES
        if moves and loud and likeness(mine, theirs) >= self._settings.likeness:
            return Finding.HEARD
        halves = self._halves(theirs)
        if halves.count(Hears.HISS) >= _MOST * len(halves):
            return Finding.NO_CARRIER
        if halves.count(Hears.SOUND) <= _FEW * len(halves):
            return Finding.SILENCE
        return Finding.OTHER if moves else None

    def _is_deaf(self, rows: Rows) -> bool:
        """Return whether these rows come from no receiver that is on."""
        alive = rows[:, LEVEL] >= 10 ** (self._settings.dead_dbfs / 10)  # false too of what has not come
        return bool(alive.mean() < 1 - _UNKNOWN_SHARE)

    def _hisses(self, sent: Track, heard: Track) -> bool:
        """Return whether six seconds were nothing but hiss, although something was sent and even in noise not there."""
        begin = heard.end - _RUN - LATE
        mine = np.nan_to_num(sent.read(begin, _RUN))
        if begin < self._begin or self._sounding(mine) < _SENT:
            return False
        theirs = heard.read(begin - EARLY, _RUN + EARLY + LATE)
        if np.isnan(theirs[:, LEVEL]).any() or set(self._halves(theirs[EARLY + HALF :])) != {Hears.HISS}:
            return False
        return likeness(mine, theirs) < self._settings.likeness

    def _sounding(self, rows: Rows) -> int:
        return int((rows[:, LEVEL] > 10 ** (self._settings.quiet_dbfs / 10)).sum())

    def _halves(self, rows: Rows) -> list[Hears]:
        whole = range(0, len(rows) - HALF + 1, HALF)
        return [self._channel.hears(rows[start : start + HALF]) for start in whole]
