"""What ends before its time because somebody asks: the stop buttons, and the silencing of one cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from broadcaster.clock import Clock
from broadcaster.config.settings import Settings
from broadcaster.control.messages import Message
from broadcaster.daemon.asked import target_of
from broadcaster.daemon.board import Board
from broadcaster.daemon.dispatcher import Dispatcher
from broadcaster.errors import RefusedError
from broadcaster.model.broadcast import Broadcast, State
from broadcaster.playout.events import BroadcastMoved, ClusterSilenced, Emit
from broadcaster.playout.orders import Orders
from broadcaster.playout.programme import Item
from broadcaster.words import Sentence

_NOTHING = Sentence("Nothing is on air.")
_NOT_YOURS = Sentence("It sounds in clusters that are not yours as well: silence your own below “The clusters”.")


class Interruptions:
    """All methods may be called from any thread."""

    def __init__(
        self, settings: Settings, *, board: Board, orders: Orders, dispatcher: Dispatcher, emit: Emit, clock: Clock
    ) -> None:
        self._settings = settings
        self._board = board
        self._orders = orders
        self._dispatcher = dispatcher
        self._emit = emit
        self._clock = clock

    def emergency_stop(self, request: Message) -> Message:
        """End the emergency: the clusters are closed, the carrier drops."""
        why = stopped(request)
        gone = self.withdraw(lambda item: item.is_emergency, why)
        item = self._orders.in_hand
        if item is not None and item.is_emergency and self._orders.stop(why, item):
            return {"id": item.broadcast.id}
        if not gone:
            raise RefusedError(Sentence("No emergency is sounding."))
        return {"id": gone[0]}

    def stop(self, request: Message) -> Message:
        """End what is on air, whatever it is; when nothing is, what was just about to be.

        ``within``: the clusters of somebody who may not stop what others hear, but for an emergency; ``by``: who.
        """
        why, mine = stopped(request), _within(request.get("within"))
        item = self._orders.in_hand
        if item is None:
            return {"id": self._stop_what_is_next(why, mine)}
        if item.is_emergency:
            self.withdraw(lambda waiting: waiting.is_emergency, why)
        elif not mine(item.broadcast):
            raise RefusedError(_NOT_YOURS)
        if not self._orders.stop(why, item):
            raise RefusedError(_NOTHING)
        return {"id": item.broadcast.id}

    def mute(self, request: Message) -> Message:
        """Close one cluster while a bulletin sounds there; it stays closed until the next one."""
        (number,) = target_of(self._settings, {"clusters": [request.get("cluster")]})
        item = self._orders.in_hand
        if item is None or self._board.current is None:
            raise RefusedError(_NOTHING)
        if item.is_emergency:
            raise RefusedError(Sentence("An emergency sounds everywhere: end it instead."))
        if number not in item.broadcast.clusters:
            raise RefusedError(Sentence("Nothing sounds there."))
        if not self._orders.mute(number, item):
            raise RefusedError(_NOTHING)
        by = str(request.get("by", ""))
        self._emit(ClusterSilenced(item.broadcast, number, by, self._clock.now()))
        return {"id": item.broadcast.id}

    def everything(self, why: Sentence) -> None:
        """End all that sounds, waits for the carrier, or is being made ready."""
        self._dispatcher.stop(why, _anything)
        self.withdraw(lambda _: True, why)
        if self._orders.in_hand is not None:
            self._orders.stop(why)

    def one(self, broadcast_id: str, why: Sentence) -> None:
        """Let this one not begin any more, if it waits."""
        self.withdraw(lambda item: item.broadcast.id == broadcast_id, why)

    def withdraw(self, chosen: Callable[[Item], bool], why: Sentence, state: State = State.ABORTED) -> list[str]:
        """Take these out of the queue; return them. Their rows say why."""
        gone = self._orders.withdraw(chosen)
        for item in gone:
            self._emit(BroadcastMoved(item.broadcast, state, self._clock.now(), why))
        return [item.broadcast.id for item in gone]

    def _stop_what_is_next(self, why: Sentence, mine: Callable[[Broadcast], bool]) -> str:
        foreign = any(not mine(waiting.broadcast) for waiting in self._orders.waiting())
        soon = self.withdraw(lambda waiting: mine(waiting.broadcast), why) + self._dispatcher.stop(why, mine)
        if not soon:
            raise RefusedError(_NOT_YOURS if foreign else _NOTHING)
        return soon[0]


def stopped(request: Message) -> Sentence:
    """Return why something ended that a person has stopped."""
    by = str(request.get("by", ""))
    return Sentence("Stopped by {by}.", by=by) if by else Sentence("Stopped by a person")


def _within(clusters: Iterable[int] | None) -> Callable[[Broadcast], bool]:
    if clusters is None:
        return _anything
    mine = frozenset(clusters)
    return lambda broadcast: broadcast.clusters <= mine


def _anything(_: Broadcast) -> bool:
    return True
