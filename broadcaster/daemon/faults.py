"""The faults that are on view, and those that hold the queue back until a person acknowledges."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from broadcaster.playout.events import FaultRaised
from broadcaster.words import Sentence

_MOST = 5
_TOLD_FOR_S = 3600.0


def amiss(title: str, why: Sentence) -> Sentence:
    """Say that a broadcast did not sound as it should."""
    return Sentence("“{title}” did not sound as it should: {why}", title=title, why=why)


@dataclass(frozen=True)
class Fault:
    """One fault, from its first sign until it is both over and, where needed, acknowledged."""

    kind: str
    sentence: Sentence
    since: float
    latched: bool = False
    over: bool = False
    needs_person: bool = False


@dataclass
class FaultRegister:
    """By kind; not thread-safe by itself."""

    _faults: dict[str, Fault] = field(default_factory=dict)
    recovered: list[tuple[Fault, float]] = field(default_factory=list)
    """What came right by itself, and when (Unix seconds): the last few."""

    def raise_(self, event: FaultRaised) -> bool:
        """Take in a fault; return False when it is known already."""
        known = self._faults.get(event.kind)
        if known is not None and not known.over:
            return False
        needs_person = event.latched or event.momentary
        self._faults[event.kind] = Fault(
            event.kind,
            event.sentence,
            event.at,
            event.latched,
            over=event.momentary,
            needs_person=needs_person,
        )
        return True

    def clear(self, kind: str, at: float, *, well: bool = True) -> bool:
        """It is well again at ``at``, or matters no more; return False when it was not raised."""
        known = self._faults.get(kind)
        if known is None or known.over:
            return False
        if known.needs_person:
            self._faults[kind] = replace(known, over=True)
        else:
            del self._faults[kind]
        if well and not known.needs_person:
            self.recovered = [*(r for r in self.recovered if at - r[1] < _TOLD_FOR_S), (known, at)][-_MOST:]
        return True

    def acknowledge(self, only: list[str] | None = None) -> list[Fault]:
        """A person has seen them: forget those that are over (of these kinds), and return these."""
        seen = [f for f in self._faults.values() if f.over and (only is None or f.kind in only)]
        for fault in seen:
            del self._faults[fault.kind]
        return seen

    def latched(self) -> Sentence | None:
        """Return the fault that holds the queue back."""
        return next((fault.sentence for fault in self._faults.values() if fault.latched), None)

    def all(self) -> list[Fault]:
        """Return the faults on view, oldest first."""
        return sorted(self._faults.values(), key=lambda fault: fault.since)
