"""How loud a tuner is: a tuner that has lost its station hisses, and that is no sound."""

from __future__ import annotations

from collections import deque

import numpy as np

from broadcaster.config.monitor import MonitorSettings
from broadcaster.sound.off_air.carrier import HALF, measured
from broadcaster.sound.off_air.spectrum import Rows, rows
from broadcaster.sound.relay.levelling import level_dbfs

_HISS_DB = MonitorSettings().hiss_db
_NOTHING_DBFS = -100.0


class Tuner:
    """Hears one stream."""

    def __init__(self) -> None:
        self._rows: deque[Rows] = deque(maxlen=HALF)

    def level_dbfs(self, block: bytes) -> float:
        """Return the level of a block; nothing while the last half second is hiss."""
        self._rows.append(rows(block))
        if measured(np.concatenate(self._rows))[1] > _HISS_DB:
            return _NOTHING_DBFS
        return level_dbfs(block)
