"""Which recordings of the air are kept, and which go first. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """Why a recording was removed."""

    AGE = "age"
    ROOM = "room"


@dataclass(frozen=True)
class Kept:
    """One recording: the broadcast's id, when it was finished (Unix seconds), how many bytes it takes."""

    id: str
    at: float
    size: int


def going(recordings: Iterable[Kept], now: float, keep_s: float | None, short: float) -> list[tuple[Kept, Why]]:
    """Return what goes: all that is older than ``keep_s``, then the oldest until ``short`` bytes are free again.

    Without ``keep_s`` nothing is too old.
    """
    gone: list[tuple[Kept, Why]] = []
    for one in sorted(recordings, key=lambda one: (one.at, one.id)):
        if keep_s is not None and now - one.at > keep_s:
            why = Why.AGE
        elif short > 0:
            why = Why.ROOM
        else:
            break
        gone.append((one, why))
        short -= one.size
    return gone
