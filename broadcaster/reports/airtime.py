"""Broadcasts of a period: by outcome and origin, and scheduled minutes against delivered ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from broadcaster.model.naming import outcome
from broadcaster.words import Sentence

DELIVERED = Sentence(
    "Scheduled: the length of all broadcasts with a fixed time, without those that the rules refused or a person "
    "withdrew beforehand. Delivered: how much of them sounded."
)


@dataclass(frozen=True)
class Airtime:
    """``counts`` is by (outcome, origin); all else in seconds."""

    counts: Mapping[tuple[str, str], int]
    scheduled_s: float
    delivered_s: float
    unscheduled_s: float
    emergency_s: float

    @property
    def outcomes(self) -> Counter[str]:
        return self._by(0)

    @property
    def origins(self) -> Counter[str]:
        return self._by(1)

    def _by(self, which: int) -> Counter[str]:
        found: Counter[str] = Counter()
        for key, count in self.counts.items():
            found[key[which]] += count
        return found


def airtime(rows: Sequence[Mapping[str, Any]]) -> Airtime:
    """Return the figures of rows of ``broadcasts``."""
    counts: Counter[tuple[str, str]] = Counter()
    scheduled = delivered = unscheduled = emergency = 0.0
    for row in rows:
        counts[outcome(row), row["origin"]] += 1
        sounded = row["sounded_s"] or 0.0
        if row["priority"] == "emergency":
            emergency += sounded
        elif row["due"] is None:
            unscheduled += sounded
        elif not _withdrawn(row):
            scheduled += row["planned_s"]
            delivered += min(sounded, row["planned_s"])
    return Airtime(dict(counts), scheduled, delivered, unscheduled, emergency)


def _withdrawn(row: Mapping[str, Any]) -> bool:
    """What was keyed while the log book was away has no ``keyed_at``, but it sounded."""
    unheard = row["keyed_at"] is None and not row["sounded_s"]
    return row["state"] in ("refused", "queued") or (row["state"] == "aborted" and unheard)
