"""What is said, and done, when something goes wrong in the daemon."""

from __future__ import annotations

import logging
import os
import threading

from broadcaster.daemon.bus import Bus
from broadcaster.daemon.faults import amiss
from broadcaster.daemon.journal import Journal
from broadcaster.model.broadcast import State
from broadcaster.model.priority import Priority
from broadcaster.playout.events import BroadcastMoved
from broadcaster.playout.orders import Orders
from broadcaster.words import Sentence

_log = logging.getLogger(__name__)
_BROKEN = Sentence("The controller failed inside and starts afresh")


class Mishaps:
    """Raises the faults; ends the process where it cannot go on."""

    def __init__(self, bus: Bus, orders: Orders, journal: Journal) -> None:
        self._bus = bus
        self._orders = orders
        self._journal = journal

    def timed_out(self) -> None:
        """The time-out has dropped the carrier."""
        self._bus.fault("time-out", Sentence("The transmit time-out dropped the carrier."), momentary=True)
        self._orders.carrier_lost()

    def player_died(self, error: BaseException) -> None:
        """The carrier is dropped already. End: the supervisor starts a fresh daemon, and the row tells why."""
        _log.critical("playout died", exc_info=error)
        self._bus.fault("playout", Sentence("Playout failed inside: see the log."), momentary=True)
        self._journal.close(in_order=False)
        os._exit(70)

    def thread_died(self, died: threading.ExceptHookArgs) -> None:
        """A fault of our own in some other thread: close in order and start afresh, but not under an emergency."""
        _log.critical("%s died", died.thread, exc_info=died.exc_value)
        self._bus.fault("inside", Sentence("A part of the controller failed inside: see the log."), momentary=True)
        self._orders.finish(_BROKEN, emergency_too=False)

    def moved(self, event: BroadcastMoved) -> None:
        """A broadcast that did not sound as it should is an alarm; of an emergency playout tells itself."""
        if event.broadcast.priority is Priority.EMERGENCY:
            if event.state in (State.ON_AIR, State.ABORTED):
                self._bus.well("emergency")
            return
        unasked = event.state is State.REFUSED and event.broadcast.schedule  # nobody was there to be told
        if (event.state in (State.FAILED, State.MISSED) or unasked) and event.reason:
            self._bus.fault("broadcast", amiss(event.broadcast.title, event.reason), momentary=True)

    def clock(self, *, trusted: bool) -> None:
        """Tell whether the wall clock can be believed."""
        wrong = Sentence("The clock of this computer is wrong: set it. Until then only an emergency can sound.")
        self._stands("clock", None if trusted else wrong)

    def schedules(self, wrong: Sentence | None) -> None:
        """Tell which rows of schedules cannot be read, if there are any."""
        self._stands("schedules", wrong)

    def _stands(self, kind: str, wrong: Sentence | None) -> None:
        if wrong is None:
            self._bus.well(kind)
        else:
            self._bus.fault(kind, wrong)
