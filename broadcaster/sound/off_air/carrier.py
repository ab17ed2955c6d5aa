"""What a receiver tells of the channel: an FM receiver without a carrier hisses; a carrier makes it quiet."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from broadcaster.config.monitor import MonitorSettings
from broadcaster.sound.off_air.spectrum import HIGH, LEVEL, LOW, Rows, decibels

HALF = 25
"""Rows that are looked at together: half a second."""
_QUIETED_DB = 8.0
"""By so much at least a carrier is quieter than the hiss without one."""
_LEARNS = 0.1
_SURE = 4
"""Halves of a second of hiss after which its level is believed."""


class Hears(StrEnum):
    """What half a second is."""

    NOTHING = "nothing"
    """Not even noise: the receiver, or its cable, is dead."""
    HISS = "hiss"
    """No carrier."""
    QUIET = "quiet"
    """A carrier without sound."""
    SOUND = "sound"


class Channel:
    """Knows how loud this receiver hisses, once it has heard it do so."""

    def __init__(self, settings: MonitorSettings) -> None:
        self._settings = settings
        self.hiss_dbfs: float | None = None
        self._learnt = 0

    @property
    def is_proven(self) -> bool:
        """Whether it is a receiver that listens: a cable from our own output never hisses, nor does a squelch."""
        return self.hiss_dbfs is not None

    def hears(self, rows: Rows) -> Hears:
        """Tell what these rows, about half a second, are."""
        level, ratio = measured(rows)
        if level < self._settings.dead_dbfs:
            return Hears.NOTHING
        if ratio <= self._settings.hiss_db:
            return Hears.SOUND if level > self._settings.quiet_dbfs else Hears.QUIET
        return Hears.HISS if level > self._hiss_from else Hears.QUIET

    def learn(self, rows: Rows) -> None:
        """Our own carrier is off: if this is hiss, it tells how loud hiss is.

        The soft noise of a carrier that stands must not be taken for it: what is far softer than what is known is not
        learnt. So a receiver whose volume was turned down seems to hear a carrier, and that is told, until the
        controller starts again and learns anew. The first that is heard may be a crackle: it alone binds nobody.
        Hiss is steady, hence the median: the click of a relay in a cable that is no receiver must not pass for it.
        """
        _, ratio = measured(rows)
        level = decibels(float(np.median(np.nan_to_num(rows[:, LEVEL]))))
        softest = self._hiss_from if self._learnt >= _SURE else self._settings.quiet_dbfs
        if ratio > self._settings.hiss_db and level > softest:
            self._learnt += 1
            known = level if self.hiss_dbfs is None else self.hiss_dbfs
            self.hiss_dbfs = known + (level - known) * max(_LEARNS, 1 / self._learnt)

    @property
    def _hiss_from(self) -> float:
        if self.hiss_dbfs is None:
            return self._settings.quiet_dbfs
        return max(self._settings.quiet_dbfs, self.hiss_dbfs - _QUIETED_DB)


def measured(rows: Rows) -> tuple[float, float]:
    """Return the level, and what is above 7 kHz against speech, in dB; rows that never came do not count."""
    known = rows[~np.isnan(rows[:, LEVEL])]
    if len(known) == 0:
        return -120.0, 0.0
    mean = known.mean(axis=0)
    return decibels(float(mean[LEVEL])), decibels(float(mean[HIGH])) - decibels(float(mean[LOW]))
