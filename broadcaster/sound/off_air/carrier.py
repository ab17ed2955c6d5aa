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

    def hears(self, rows: Rows) -> Hears:
        """Tell what these rows, about half a second, are."""
        level, ratio = measured(rows)
        if level < self._settings.dead_dbfs:
            return Hears.NOTHING
        if ratio <= self._settings.hiss_db:
            return Hears.SOUND if level > self._settings.quiet_dbfs else Hears.QUIET
        return Hears.HISS if level > self._hiss_from else Hears.QUIET

    def learn(self, rows: Rows) -> None:
        """Our own carrier is off: if this is hiss, it tells how loud hiss is."""
        level, ratio = measured(rows)
        if ratio > self._settings.hiss_db and level > self._settings.quiet_dbfs:
            known = level if self.hiss_dbfs is None else self.hiss_dbfs
            self.hiss_dbfs = known + (level - known) * _LEARNS

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
