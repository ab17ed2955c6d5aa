"""What the player is asked to do: items that wait, and interruptions of what is on air."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from broadcaster.errors import RefusedError
from broadcaster.playout.programme import Item
from broadcaster.words import Sentence


class Cut(Exception):  # noqa: N818 - not an error: the way out of a running broadcast
    """What is on air must end. ``item`` takes over the carrier, if there is one."""

    def __init__(self, reason: Sentence, item: Item | None = None) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.item = item


class CarrierLostError(Exception):
    """The carrier went underneath the broadcast, and why."""

    def __init__(self, reason: Sentence) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True)
class _Stop:
    reason: Sentence
    emergency_too: bool


class Orders:
    """Shared by the player and everybody who asks something of it. All methods may be called from any thread."""

    def __init__(self) -> None:
        self._waiting: list[Item] = []
        self._stop: _Stop | None = None
        self._finish: _Stop | None = None
        self._carrier_lost: Sentence | None = None
        self._attention = False
        self._held = False
        self.in_hand: Item | None = None
        """What the player took last and has not finished with."""
        self.muted: frozenset[int] = frozenset()
        """Clusters that a person has silenced for what is on air now."""
        self.stops = 0
        """How often :meth:`stop` was called."""
        self._changed = threading.Condition()
        self.wake: Callable[[], None] = lambda: None
        """Interrupts the player where it waits for room in the output's buffer."""
        self.may_cut: Callable[[Item], bool] = lambda _: True
        """Tells whether the rules let an item that is no emergency take over a carrier."""
        self.ready: Callable[[Item], bool] = lambda _: True
        """Tells whether an item's time has come and nothing holds it back."""

    def submit(self, item: Item) -> None:
        """Queue an item; it pre-empts what is on air if its class is higher.

        Raises ``RefusedError`` for an emergency that would never begin.
        """
        with self._notice():
            if item.is_emergency and not self.accepts_emergencies:
                raise RefusedError(Sentence("The controller is just beginning anew: press again in a few seconds."))
            self._waiting.append(item)
            self._waiting.sort(key=lambda i: -i.broadcast.priority)  # stable: equals in order of arrival

    def withdraw(self, chosen: Callable[[Item], bool]) -> list[Item]:
        """Take the chosen items out of the queue and return them."""
        with self._notice():
            gone = [item for item in self._waiting if chosen(item)]
            self._waiting = [item for item in self._waiting if not chosen(item)]
        return gone

    def stop(self, reason: Sentence, only: Item | None = None) -> bool:
        """End what is on air now, whatever it is, or ``only`` this item; the queue goes on. Tell whether it ends."""
        with self._notice():
            if only is not None and self.in_hand is not only:
                return False
            self._stop = _Stop(reason, emergency_too=True)
            self.stops += 1
        return True

    def mute(self, number: int, only: Item) -> bool:
        """Close this cluster for the rest of this item; false, and nothing is closed, when another has taken over."""
        with self._notice():
            if self.in_hand is not only or only.is_emergency:
                return False
            self.muted |= {number}
        return True

    @property
    def is_held(self) -> bool:
        """Whether nothing but an emergency is started."""
        return self._held

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Meanwhile start nothing but an emergency."""
        self._held = True
        try:
            yield
        finally:
            self._held = False

    def finish(self, reason: Sentence, *, emergency_too: bool) -> None:
        """End what is on air and start nothing more; unless ``emergency_too``, an emergency goes on to its end."""
        with self._notice():
            self._finish = _Stop(reason, emergency_too)

    def carrier_lost(self, reason: Sentence | None = None) -> None:
        """The carrier is gone: the time-out, a person or the board has dropped it."""
        with self._notice():
            self._carrier_lost = reason or _TIMED_OUT

    def finish_if_idle(self, reason: Sentence) -> bool:
        """Start nothing more, not even an emergency, unless something sounds or waits; tell whether it is so."""
        with self._notice():
            if self.in_hand is not None or self._waiting:
                return False
            self._finish = _Stop(reason, emergency_too=True)
        return True

    @property
    def finishing(self) -> Sentence | None:
        """Why nothing more is to be started, if so."""
        return self._finish.reason if self._finish else None

    @property
    def accepts_emergencies(self) -> bool:
        """Whether an emergency may still begin."""
        return self._finish is None or not self._finish.emergency_too

    def done(self) -> bool:
        """Tell whether the player may end: it was told to finish, and no emergency waits that should still sound."""
        with self._changed:
            order = self._finish
            return order is not None and (order.emergency_too or not any(item.is_emergency for item in self._waiting))

    def waiting(self) -> list[Item]:
        """Return what waits, first to go first."""
        with self._changed:
            return list(self._waiting)

    def take(self, wait_s: float) -> Item | None:
        """Take the first item whose time has come; wait up to ``wait_s`` when there is none. Forgets old stops."""
        with self._changed:
            self._stop, self._carrier_lost, self.in_hand = None, None, None
            self.muted = frozenset()
            if (item := self._first()) is None:
                self._changed.wait(wait_s)
                item = self._first()
            self.in_hand = item
            return item

    def pause(self, wait_s: float) -> None:
        """Wait, but not past the next order."""
        with self._changed:
            self._changed.wait(wait_s)

    def obey(self, current: Item | None, *, only_higher: bool = False) -> None:
        """Raise :class:`Cut` when ``current`` must end, :class:`CarrierLostError` when its carrier is gone.

        With ``only_higher`` (while closing) only an item of a higher class cuts in. Cheap when nothing is asked.
        """
        if not self._attention:
            return
        with self._changed:
            if (reason := self._carrier_lost) is not None:
                self._carrier_lost = None
                raise CarrierLostError(reason)
            self._hand_over(current)
            if not only_higher:
                self._end(current)
            self._attention = bool(self._waiting or self._finish)

    def _hand_over(self, current: Item | None) -> None:
        for item in self._waiting:
            outranks = current is not None and item.broadcast.priority > current.broadcast.priority
            allowed = item.is_emergency or (outranks and not self._held and self.may_cut(item))
            if allowed and self.ready(item):
                self._waiting.remove(item)
                self.in_hand, self._stop = item, None  # a stop that came before it was not meant for it
                self.muted = frozenset()
                raise Cut(Sentence("Cut off by: {title}", title=item.broadcast.title), item)

    def _end(self, current: Item | None) -> None:
        emergency = current is not None and current.is_emergency
        stop, self._stop = self._stop, None
        for order in (stop, self._finish):
            if order is not None and (order.emergency_too or not emergency):
                raise Cut(order.reason)

    def _first(self) -> Item | None:
        for item in self._waiting:
            if self.ready(item) and (item.is_emergency or not self._held):
                self._waiting.remove(item)
                return item
        return None

    @contextmanager
    def _notice(self) -> Iterator[None]:
        """Hold the lock while an order is written down, then make the player look."""
        with self._changed:
            yield
            self._attention = True
            self._changed.notify_all()
        self.wake()


_TIMED_OUT = Sentence("the transmit time-out dropped the carrier")
