"""Which source of a relay is on air: pure rules, a block at a time, without a clock of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from broadcaster.config.relays import RelaySettings
from broadcaster.model.pcm import BLOCK, RATE

BLOCK_S = BLOCK / RATE
SILENT_DBFS = -45.0
_FORGIVES = 0.1
"""So much of each second that flows is taken off what was missing before."""
_MOST_PATIENCE = 8


class Fault(StrEnum):
    """Why a source is given up."""

    STALLED = "stalled"
    SILENT = "silent"


@dataclass
class Health:
    """What is known of one source; fed once for each block that was due from it."""

    limits: RelaySettings
    missing_s: float = 0.0
    silent_s: float = 0.0
    well_s: float = 0.0
    flows: bool = False

    def hear(self, level_dbfs: float | None) -> None:
        """A block was due: this loud it was, or ``None``: it did not come."""
        limit = self.limits.stalled_after_s
        self.flows = level_dbfs is not None
        if level_dbfs is None:
            self.missing_s = min(limit, self.missing_s + BLOCK_S)
            self.well_s = 0.0
            return
        self.missing_s = max(0.0, self.missing_s - BLOCK_S * _FORGIVES)
        if level_dbfs > SILENT_DBFS:
            self.silent_s = 0.0
        else:
            self.silent_s += BLOCK_S
        self.well_s = 0.0 if self.silent_s >= self.limits.silent_after_s else self.well_s + BLOCK_S

    def renew(self) -> None:
        """It is gone back to: what was missing long ago counts no more."""
        self.missing_s = self.silent_s = 0.0

    @property
    def fault(self) -> Fault | None:
        """Why it is to be given up, if it is."""
        if self.missing_s >= self.limits.stalled_after_s - BLOCK_S / 2:
            return Fault.STALLED
        return Fault.SILENT if self.silent_s >= self.limits.silent_after_s - BLOCK_S / 2 else None


class Ladder:
    """Rungs are the sources in their order, then ``file``, then ``down``, from which nothing leads back."""

    def __init__(self, limits: RelaySettings, count: int, *, has_file: bool) -> None:
        self._limits = limits
        self._left = [0] * count
        self.file = count
        self.down = count + 1
        self._has_file = has_file
        self.rung = 0

    def step(self, states: Sequence[Health]) -> Fault | None:
        """Move ``rung`` if it must be; return why it was left, ``None`` when it stays or goes up."""
        if self.rung == self.down:
            return None
        for better in range(min(self.rung, self.file)):
            if (
                states[better].flows
                and states[better].silent_s == 0
                and states[better].well_s >= self._patience(better)
            ):
                states[better].renew()
                self.rung = better
                return None
        if self.rung == self.file or (fault := states[self.rung].fault) is None:
            return None
        self._left[self.rung] += 1
        self.rung = self._next(states)
        return fault

    def file_is_over(self, states: Sequence[Health]) -> None:
        """The file has sounded to its end: whatever comes at all is better than closing down."""
        self.rung = self.down
        for other, state in enumerate(states):
            if state.flows and state.silent_s < self._limits.silent_after_s:
                state.renew()
                self.rung = other
                return

    def _next(self, states: Sequence[Health]) -> int:
        for other, state in enumerate(states):
            if other != self.rung and state.flows and state.fault is None:
                return other
        return self.file if self._has_file else self.down

    def _patience(self, rung: int) -> float:
        """A source that was left before must be well for longer: it shall not come and go."""
        doubled = 2 ** max(0, self._left[rung] - 1)
        return float(self._limits.back_after_s * min(_MOST_PATIENCE, doubled))
