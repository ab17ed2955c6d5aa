"""What can be asked over the control socket."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from broadcaster.clock import Clock
from broadcaster.config.settings import Settings
from broadcaster.control.server import Handler
from broadcaster.daemon.asked import target_of
from broadcaster.daemon.board import Board
from broadcaster.daemon.emergencies import Emergencies
from broadcaster.daemon.faults import Fault
from broadcaster.daemon.intake import Intake
from broadcaster.daemon.interruptions import Interruptions, stopped
from broadcaster.daemon.planning import Planning
from broadcaster.errors import DeviceError, RefusedError
from broadcaster.model.broadcast import Broadcast, State, new_broadcast_id
from broadcaster.model.priority import Priority
from broadcaster.playout.orders import Orders
from broadcaster.playout.programme import Item
from broadcaster.sound.signals import soft_tone
from broadcaster.sound.source import MemorySource
from broadcaster.words import Sentence

_UNKEY_WITHIN_S = 10.0
Request = dict[str, Any]
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Seen:
    """A person has seen faults of these ``kinds``, or ``everything`` there was; and what else that person said."""

    kinds: list[str]
    everything: bool
    clock: bool
    by: str


class Requests:
    """The handlers by name: :meth:`handlers`. An emergency touches neither disk nor database."""

    def __init__(
        self,
        settings: Settings,
        *,
        board: Board,
        orders: Orders,
        emergencies: Emergencies,
        intake: Intake,
        interruptions: Interruptions,
        planning: Planning,
        schedules_changed: Callable[[], None],
        drop_carrier: Callable[[], None],
        acknowledge: Callable[[Seen], None],
        more_status: Callable[[], Request],
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._board = board
        self._orders = orders
        self._emergencies = emergencies
        self._intake = intake
        self._interruptions = interruptions
        self._planning = planning
        self._schedules_changed = schedules_changed
        self._drop_carrier = drop_carrier
        self._acknowledge = acknowledge
        self._more_status = more_status
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        """Return what serves each request."""
        return {
            "announce": self._intake.announce,
            "cancel": self._intake.cancel,
            "end if calm": self._intake.end_if_calm,
            "check schedule": self._planning.check,
            "schedules changed": self.schedules_changed,
            "emergency start": self.emergency_start,
            "emergency stop": self._interruptions.emergency_stop,
            "stop": self._interruptions.stop,
            "test cluster": self.test_cluster,
            "cluster heard": self.cluster_heard,
            "mute": self._interruptions.mute,
            "status": self.status,
            "unkey": self.unkey,
            "acknowledge": self.acknowledge,
        }

    def schedules_changed(self, _: Request) -> Request:
        """Somebody has written schedules: look at them now."""
        self._schedules_changed()
        return {}

    def emergency_start(self, request: Request) -> Request:
        """Sound an emergency now: ``message`` (a name, else the first), clusters as in ``announce``, else all."""
        name = request.get("message")
        name = self._emergencies.first() if name is None else str(name)
        title = self._emergencies.title(name)
        named = request.get("clusters") is not None or request.get("group") is not None
        clusters = target_of(self._settings, request) if named else self._settings.network.numbers
        source = self._emergencies.sound(name)
        broadcast = Broadcast(
            id=new_broadcast_id(self._clock.now()),
            title=title,
            clusters=clusters,
            priority=Priority.EMERGENCY,
            message=name,
            duration=source.seconds,
            origin=str(request.get("origin", "command")),
            by=str(request.get("by", "")),
        )
        self._orders.submit(Item(broadcast, source, self._emergencies.repeat))
        return {"id": broadcast.id}

    def test_cluster(self, request: Request) -> Request:
        """Open one cluster, sound a soft tone, close it: for somebody who stands under the pole."""
        clusters = target_of(self._settings, {"clusters": [request.get("cluster")]})
        source = MemorySource(soft_tone())
        broadcast = Broadcast(
            id=new_broadcast_id(self._clock.now()),
            title=f"Thử cụm loa {min(clusters)}",
            clusters=clusters,
            duration=source.seconds,
            origin="test",
        )
        self._intake.check(broadcast)
        self._orders.submit(Item(broadcast, source))
        return {"id": broadcast.id}

    def cluster_heard(self, request: Request) -> Request:
        """A person stood under the pole and says whether the test was ``heard``."""
        (number,) = target_of(self._settings, {"clusters": [request.get("cluster")]})
        self._board.confirm(number, heard=bool(request.get("heard")), at=self._clock.now())
        return {}

    def status(self, _: Request) -> Request:
        """Return all that is known just now."""
        waiting = [item.broadcast for item in self._orders.waiting()]
        return {**self._board.status(waiting), **self._more_status()}

    def unkey(self, request: Request) -> Request:
        """A person wants the carrier off, now and surely. A latched unkey fault counts as seen by that person."""
        with self._orders.hold():
            self._interruptions.everything(stopped(request))
            give_up = time.monotonic() + _UNKEY_WITHIN_S
            while (self._orders.in_hand or self._board.carrier) and time.monotonic() < give_up:
                time.sleep(0.05)
            self._make_sure()
            self._orders.carrier_lost()  # whatever could not be ended in order must know that it has none
        self._forget(["unkey"])
        return {"on": False, "evidence": self._board.status([])["transmitter"]["evidence"]}

    def acknowledge(self, request: Request) -> Request:
        """A person has seen the faults: those that are over go, and what they held back goes on.

        Only with ``clock`` does the person also say that the computer's clock is right. ``by`` is who it is.
        """
        if self._board.carrier is None:
            self._make_sure()
            self._orders.carrier_lost()
        seen = self._forget(by=str(request.get("by", "")), clock=bool(request.get("clock")))
        left = self._board.latched()
        if left is not None:
            raise RefusedError(Sentence("Not yet: {fault}", fault=left))
        return {"seen": [fault.sentence.as_json() for fault in seen]}

    def give_back(self) -> None:
        """The daemon ends: what still waits for the carrier did not sound, and its row says so."""
        reason = Sentence("The controller was switched off before it could sound.")
        self._interruptions.withdraw(lambda _: True, reason, State.MISSED)

    def _forget(self, only: list[str] | None = None, *, by: str = "", clock: bool = False) -> list[Fault]:
        seen = self._board.acknowledge(only)
        self._acknowledge(Seen([fault.kind for fault in seen], everything=only is None, clock=clock, by=by))
        return seen

    def _make_sure(self) -> None:
        try:
            self._drop_carrier()
        except DeviceError as error:
            raise RefusedError(
                Sentence("The transmitter does not obey: switch it off by hand. ({why})", why=error.sentence)
            ) from error
