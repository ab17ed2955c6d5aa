"""What playout tells the rest of the daemon; it never asks who listens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from broadcaster.model.broadcast import Broadcast, State
from broadcaster.model.evidence import Evidence
from broadcaster.model.verdict import Verdict
from broadcaster.words import Sentence


@dataclass(frozen=True)
class BroadcastMoved:
    """A broadcast entered ``state`` at ``at`` (Unix seconds); for ``ON_AIR`` that is its first programme sample."""

    broadcast: Broadcast
    state: State
    at: float
    reason: Sentence | None = None
    sounded_s: float | None = None
    """How long the programme sounded; given with an end state."""


@dataclass(frozen=True)
class CarrierMoved:
    """The transmitter's key: ``on`` is ``None`` when the board could not be read."""

    on: bool | None
    evidence: Evidence
    at: float


@dataclass(frozen=True)
class ClustersMoved:
    """Clusters were commanded ``open``, ``closed``, or are in an ``unknown`` state."""

    numbers: frozenset[int]
    state: str
    at: float


@dataclass(frozen=True)
class ClusterSilenced:
    """A person silenced one cluster for the rest of a broadcast."""

    broadcast: Broadcast
    number: int
    by: str
    at: float


@dataclass(frozen=True)
class BroadcastHeard:
    """What the monitor receiver says of a broadcast that has ended, and why it is not simply heard."""

    broadcast_id: str
    verdict: Verdict
    why: Sentence | None
    at: float


@dataclass(frozen=True)
class FaultRaised:
    """Something is wrong. ``kind`` is stable and names it; raising it again changes nothing."""

    kind: str
    sentence: Sentence
    at: float
    latched: bool = False
    """Blocks the queue for everything but an emergency, until a person acknowledges."""
    momentary: bool = False
    """It happened and is over; it stays on view until acknowledged."""


@dataclass(frozen=True)
class FaultCleared:
    """What ``kind`` named is well again; or, not ``well``, it matters no more."""

    kind: str
    at: float
    well: bool = True


Event = BroadcastMoved | BroadcastHeard | CarrierMoved | ClustersMoved | ClusterSilenced | FaultRaised | FaultCleared
Emit = Callable[[Event], None]
