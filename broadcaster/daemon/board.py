"""What is known right now, kept in memory: the answer to ``status``, even when the log book is gone."""

from __future__ import annotations

import threading
from typing import Any

from broadcaster.config.settings import Settings
from broadcaster.daemon.faults import Fault, FaultRegister
from broadcaster.model.broadcast import ENDS, Broadcast, State
from broadcaster.model.evidence import Evidence
from broadcaster.playout.events import (
    BroadcastMoved,
    CarrierMoved,
    ClustersMoved,
    Event,
    FaultCleared,
    FaultRaised,
)
from broadcaster.words import Sentence


class Board:
    """Takes in every event, in the thread that emits it; thread-safe."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._faults = FaultRegister()
        self._carrier = CarrierMoved(None, Evidence.COMMANDED, 0.0)
        self._clusters: dict[int, ClustersMoved] = {}
        self._heard: dict[int, tuple[bool, float]] = {}
        self._current: BroadcastMoved | None = None
        self._last: BroadcastMoved | None = None

    def apply(self, event: Event) -> bool:
        """Take in an event; return False when it says nothing new."""
        with self._lock:
            match event:
                case BroadcastMoved():
                    self._apply_broadcast(event)
                case CarrierMoved():
                    same = (event.on, event.evidence) == (self._carrier.on, self._carrier.evidence)
                    self._carrier = self._carrier if same else event
                    if event.on is False:
                        self._faults.clear("unkey", event.at)
                    return not same
                case ClustersMoved():
                    self._clusters.update(dict.fromkeys(event.numbers, event))
                case FaultRaised():
                    return self._faults.raise_(event)
                case FaultCleared():
                    return self._faults.clear(event.kind, event.at, well=event.well)
        return True

    @property
    def current(self) -> Broadcast | None:
        """What holds the carrier, if anything does."""
        with self._lock:
            return self._current.broadcast if self._current else None

    @property
    def carrier(self) -> bool | None:
        """The key as last read back."""
        return self._carrier.on

    @property
    def carrier_moved(self) -> CarrierMoved:
        """The latest that was told of it; it says that nothing is known before anything was."""
        return self._carrier

    def latched(self) -> Sentence | None:
        """Return the fault that holds the queue back."""
        with self._lock:
            return self._faults.latched()

    def confirm(self, number: int, *, heard: bool, at: float) -> None:
        """A person under the pole says whether a test of this cluster was heard at ``at``."""
        with self._lock:
            self._heard[number] = (heard, at)

    def acknowledge(self, only: list[str] | None = None) -> list[Fault]:
        """A person has seen the faults that are over, or those of ``only`` these kinds; return them."""
        with self._lock:
            return self._faults.acknowledge(only)

    def status(self, waiting: list[Broadcast]) -> dict[str, Any]:
        """Return what ``status`` shows, as JSON can hold it."""
        with self._lock:
            return {
                "station": self._settings.station.name,
                "simulated": self._settings.simulated,
                "transmitter": {
                    "on": self._carrier.on,
                    "evidence": self._carrier.evidence,
                    "since": self._carrier.at,
                },
                "clusters": [self._cluster(c.number, c.name) for c in self._settings.network.clusters],
                "current": _shown(self._current),
                "last": _shown(self._last),
                "next": [_summary(broadcast) for broadcast in waiting],
                "faults": [_fault(fault) for fault in self._faults.all()],
                "recovered": [_recovered(fault, at) for fault, at in self._faults.recovered],
            }

    def _apply_broadcast(self, event: BroadcastMoved) -> None:
        holds_carrier = event.state not in (State.QUEUED, State.PREPARING)
        if event.state in ENDS:
            self._last = event
            if self._current and self._current.broadcast.id == event.broadcast.id:
                self._current = None
        elif holds_carrier:
            self._current = event

    def _cluster(self, number: int, name: str) -> dict[str, Any]:
        moved = self._clusters.get(number)
        heard = self._heard.get(number)
        return {
            "number": number,
            "name": name,
            "heard": {"by_a_person": heard[0], "at": heard[1]} if heard else None,
            "state": moved.state if moved else "unknown",
            "evidence": Evidence.COMMANDED if moved else None,
            "since": moved.at if moved else None,
        }


def _summary(broadcast: Broadcast) -> dict[str, Any]:
    return {
        "id": broadcast.id,
        "title": broadcast.title,
        "clusters": sorted(broadcast.clusters),
        "priority": broadcast.priority.word,
        "due": broadcast.due,
        "schedule": broadcast.schedule,
        "duration_s": broadcast.duration,
    }


def _shown(event: BroadcastMoved | None) -> dict[str, Any] | None:
    if event is None:
        return None
    reason = event.reason.as_json() if event.reason else None
    return {**_summary(event.broadcast), "state": event.state, "since": event.at, "reason": reason}


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "kind": fault.kind,
        "sentence": fault.sentence.as_json(),
        "since": fault.since,
        "over": fault.over,
        "latched": fault.latched,
    }


def _recovered(fault: Fault, at: float) -> dict[str, Any]:
    return {"kind": fault.kind, "sentence": fault.sentence.as_json(), "at": at}
