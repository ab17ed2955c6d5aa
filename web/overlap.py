"""Noticing, before it is saved, that two bulletins want the one carrier at the same time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from broadcaster.model.schedule import Schedule, first_overlap
from broadcaster.words import Sentence
from web.station import station

_LOOKS_AHEAD_S = 60 * 86400.0


_ONE_WAITS = Sentence(
    "At that time “{title}” sounds already (from {other}). One of them has to wait for the other. "
    "Free again from {free}. To save it all the same, press Save once more."
)
_ONE_IS_BROKEN_OFF = Sentence(
    "At that time “{title}” sounds already (from {other}). The more urgent of the two breaks off the other. "
    "Free again from {free}. To save it all the same, press Save once more."
)


@dataclass(frozen=True)
class Overlap:
    """``key`` names this very overlap: who has seen it may save all the same."""

    key: str
    sentence: Sentence


def overlap(made: Schedule) -> Overlap | None:
    """Return the first overlap with another schedule within two months. Raises ``StorageError``."""
    here = station()
    now, zone = here.clock.now(), here.settings.station.zone
    found = first_overlap(made, here.planned.plan().schedules, now, now + _LOOKS_AHEAD_S, zone)
    if found is None:
        return None
    mine, other = found
    free = datetime.fromtimestamp(-(-(other.keyed[1] + made.before) // 60) * 60, zone)
    same = made.priority == other.schedule.priority
    sentence = Sentence(
        (_ONE_WAITS if same else _ONE_IS_BROKEN_OFF).text,
        title=other.schedule.title,
        other=f"{datetime.fromtimestamp(other.due, zone):%H:%M %d/%m/%Y}",
        free=f"{free:%H:%M}",
    )
    return Overlap(f"{other.schedule.id}@{mine.due:.0f}", sentence)
