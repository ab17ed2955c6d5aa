"""A broadcast: one run on air. Its states, and the one table of legal transitions."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from broadcaster.model.priority import Priority


class State(StrEnum):
    """Where a broadcast stands. The last five are ends."""

    QUEUED = "queued"
    PREPARING = "preparing"
    KEYING = "keying"
    OPENING = "opening"
    ON_AIR = "on_air"
    CLOSING = "closing"
    UNKEYING = "unkeying"
    COMPLETED = "completed"
    ABORTED = "aborted"
    FAILED = "failed"
    MISSED = "missed"
    REFUSED = "refused"


ENDS = frozenset([State.COMPLETED, State.ABORTED, State.FAILED, State.MISSED, State.REFUSED])
_BREAKS = frozenset([State.ABORTED, State.FAILED])
_ON_CARRIER = frozenset([State.OPENING, State.ON_AIR, State.CLOSING])
_NEXT: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset([State.PREPARING, State.MISSED, State.REFUSED]) | _BREAKS,
    State.PREPARING: frozenset([State.KEYING, *_ON_CARRIER, State.MISSED, State.REFUSED]) | _BREAKS,
    State.KEYING: _ON_CARRIER | _BREAKS,
    State.OPENING: frozenset([State.ON_AIR, State.CLOSING]) | _BREAKS,
    State.ON_AIR: frozenset([State.CLOSING, State.COMPLETED]) | _BREAKS,
    State.CLOSING: frozenset([State.UNKEYING, State.COMPLETED]) | _BREAKS,
    State.UNKEYING: frozenset([State.COMPLETED]) | _BREAKS,
}


class IllegalTransitionError(Exception):
    """A programming fault: a broadcast was to go where it cannot."""


def advance(current: State, to: State) -> State:
    """Return ``to`` if a broadcast may go there from ``current``.

    Raises :class:`IllegalTransitionError` otherwise. ``PREPARING`` goes straight to ``OPENING`` or
    ``ON_AIR`` when a broadcast takes over a carrier that is already up, and ``CLOSING`` to ``COMPLETED`` when
    one that has sounded whole gives the carrier away.
    """
    if to not in _NEXT.get(current, frozenset()):
        raise IllegalTransitionError(f"{current} -> {to}")
    return to


def new_broadcast_id(at: float) -> str:
    """Return an identifier that sorts by time and names the broadcast's files: ``20261123-101500-9f3c2a``.

    ``at`` is in Unix seconds; the identifier shows UTC.
    """
    return f"{datetime.fromtimestamp(at, UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


@dataclass(frozen=True)
class Broadcast:
    """What is to be on air once: which sound, where, how urgent, and when.

    ``sound`` names an asset of the library (empty for an emergency, whose sound is held in memory under
    ``message``); ``due`` is the Unix second of its first programme sample, ``None`` for "as soon as can be";
    ``duration`` is the length of the finished mix in seconds.
    """

    id: str
    title: str
    clusters: frozenset[int]
    priority: Priority = Priority.ROUTINE
    sound: str = ""
    message: str = ""
    due: float | None = None
    duration: float = 0.0
    origin: str = "command"
    by: str = ""
    """Who asked for it, where that is known."""
    schedule: str = ""
    """The schedule whose occurrence it is, if it is one."""
    late_after: float = 600.0
    """Seconds after ``due`` until which it may still begin."""
