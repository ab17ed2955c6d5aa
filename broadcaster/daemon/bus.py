"""Where playout's events go: the board at once, the log book behind it, and whoever else wants to know."""

from __future__ import annotations

import logging
from collections.abc import Callable

from broadcaster.clock import Clock
from broadcaster.daemon.board import Board
from broadcaster.daemon.journal import Journal
from broadcaster.playout.events import BroadcastMoved, CarrierMoved, Event, FaultCleared, FaultRaised
from broadcaster.words import Sentence

_log = logging.getLogger("broadcaster.events")


class Bus:
    """``emit`` is quick and never raises: the player calls it between two blocks."""

    def __init__(self, board: Board, journal: Journal, clock: Clock) -> None:
        self._board = board
        self._journal = journal
        self._clock = clock
        self.carrier: Callable[[bool | None], None] = lambda _: None
        """Told of every move of the carrier."""
        self._monitor: Callable[[Event], None] = lambda _: None

    def attach_monitor(self, told: Callable[[Event], None]) -> None:
        """From now on ``told`` is told of everything; first of the carrier, whose drop at the start came before."""
        self._monitor = told
        told(self._board.carrier_moved)

    def emit(self, event: Event) -> None:
        """Take in an event."""
        if isinstance(event, CarrierMoved):
            self.carrier(event.on)
        if self._board.apply(event):
            self._journal.put(event)
            _write(event)
        self._monitor(event)

    def fault(self, kind: str, sentence: Sentence, *, latched: bool = False, momentary: bool = False) -> None:
        """Raise a fault of the daemon's own."""
        self.emit(FaultRaised(kind, sentence, self._clock.now(), latched, momentary))

    def well(self, kind: str) -> None:
        """What ``kind`` named is well again."""
        self.emit(FaultCleared(kind, self._clock.now()))

    def past(self, kind: str) -> None:
        """What ``kind`` named matters no more; nobody knows whether it is well."""
        self.emit(FaultCleared(kind, self._clock.now(), well=False))


def _write(event: Event) -> None:
    match event:
        case BroadcastMoved():
            _log.info("%s %s%s", event.broadcast.id, event.state, f": {event.reason}" if event.reason else "")
        case CarrierMoved():
            _log.info("carrier %s (%s)", {True: "on", False: "off", None: "UNKNOWN"}[event.on], event.evidence)
        case FaultRaised():
            _log.error("fault %s: %s", event.kind, event.sentence)
        case FaultCleared():
            _log.info("fault %s is over", event.kind)
        case _:
            _log.info("%s", event)
