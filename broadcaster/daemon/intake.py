"""Takes announcements in: checks them at the door, writes their row, and has the clock hand them over in time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from typing import Any

from broadcaster.clock import Clock
from broadcaster.config.settings import Settings
from broadcaster.daemon.asked import broadcast_of
from broadcaster.daemon.dispatcher import Dispatcher
from broadcaster.daemon.journal import Journal
from broadcaster.errors import RefusedError, UsageError
from broadcaster.model.broadcast import Broadcast, State, new_broadcast_id
from broadcaster.model.relay import connects_s
from broadcaster.playout.events import BroadcastMoved, Emit
from broadcaster.playout.gate import Gate
from broadcaster.playout.orders import Orders
from broadcaster.playout.programme import Item, Source
from broadcaster.scheduling.clockwork import Clockwork
from broadcaster.words import Sentence

_AHEAD_S = 15.0
"""A broadcast is prepared so long before its carrier goes up, plus a second for each minute of sound."""
_ANEW = Sentence("The controller begins anew with what was changed")
_NOT_IN_TIME = Sentence("The controller was switched off before it could sound.")


class Intake:
    """The door. All methods may be called from any thread."""

    def __init__(
        self,
        settings: Settings,
        *,
        journal: Journal,
        clockwork: Clockwork,
        dispatcher: Dispatcher,
        gate: Gate,
        around: Callable[[Broadcast], tuple[float, float]],
        seconds: Callable[[str], float],
        orders: Orders,
        emit: Emit,
        clock: Clock,
    ) -> None:
        """``around`` gives the seconds of carrier before and after the sound, ``seconds`` the length of a mix."""
        self._settings = settings
        self._journal = journal
        self._clockwork = clockwork
        self._dispatcher = dispatcher
        self._gate = gate
        self._around = around
        self._seconds = seconds
        self._orders = orders
        self._emit = emit
        self._clock = clock
        self._door = threading.Lock()
        self._since = new_broadcast_id(clock.now() - 1)  # identifiers sort by time, to the second

    def announce(self, request: dict[str, Any]) -> dict[str, Any]:
        """Take in one announcement: ``sound``, ``title``, ``clusters``, ``at`` (or null), ``priority``.

        ``asked`` is the asker's own name for it: asked again, after an answer that was lost, it sounds once.
        """
        with self._door:
            if (ending := self._orders.finishing) is not None:
                raise RefusedError(Sentence("{why}: try again in half a minute.", why=ending))
            return self._announce(request)

    def _announce(self, request: dict[str, Any]) -> dict[str, Any]:
        broadcast = broadcast_of(self._settings, request, self._clock.now(), self._seconds)
        taken = self._admit(broadcast, str(request.get("approved_by", "")), str(request.get("asked", ""))[:64])
        if taken != broadcast.id:
            return {"id": taken, "expected_at": None, "duration_s": broadcast.duration}
        turn = broadcast.due is None and bool(self._orders.in_hand or self._orders.waiting())
        self._schedule(broadcast)
        before, _ = self._around(broadcast)
        start = max(broadcast.due or 0.0, self._clock.now() + before)
        return {"id": broadcast.id, "expected_at": None if turn else start, "duration_s": broadcast.duration}

    def speak(self, request: dict[str, Any], source: Source, known: Callable[[Broadcast], None]) -> Broadcast:
        """Let somebody speak live, now. Raises ``RefusedError`` while anything else sounds or waits.

        ``known`` is told which broadcast it will be, before it can begin.
        """
        with self._door:
            if (ending := self._orders.finishing) is not None:
                raise RefusedError(Sentence("{why}: try again in half a minute.", why=ending))
            busy = self._orders.in_hand is not None or self._orders.waiting() or self._orders.is_held
            if busy or self._dispatcher.is_at_work:
                raise RefusedError(Sentence("Something else is on air: wait until it has ended, or stop it first."))
            broadcast = broadcast_of(
                self._settings, {**request, "sound": "", "origin": "live"}, self._clock.now(), lambda _: source.seconds
            )
            self._admit(broadcast, str(request.get("approved_by", "")), "")
            known(broadcast)
            self._orders.submit(Item(broadcast, source, minds_silence=True))
            return broadcast

    def reopen(self) -> list[Broadcast]:
        """After a start: take up again what the log book still holds as queued; return it. Raises ``StorageError``."""
        waiting = self._journal.queued()
        for broadcast in waiting:
            if broadcast.due is None:  # it was to sound at once
                if broadcast.id < self._since:  # and that was then; a newer one is in the dispatcher's hands
                    self._end(broadcast, State.MISSED, _NOT_IN_TIME)
                continue
            try:
                self._settings.network.target(broadcast.clusters)
            except UsageError as gone:  # the configuration has changed since
                self._end(broadcast, State.FAILED, gone.sentence)
            else:
                self._schedule(broadcast)
        return waiting

    def waiting(self) -> list[str]:
        """Return the ids that wait for their time, soonest first."""
        return self._clockwork.names()

    def end_if_calm(self, request: dict[str, Any]) -> dict[str, Any]:
        """Start nothing more if there is nothing to do for ``seconds``. Decided at the door: nothing slips through."""
        if not self._door.acquire(blocking=False):
            return {"ends": False}
        try:
            return {"ends": self._is_calm(float(request["seconds"])) and self._orders.finish_if_idle(_ANEW)}
        finally:
            self._door.release()

    def _is_calm(self, seconds: float) -> bool:
        if not self._journal.is_open or self._dispatcher.is_at_work:
            return False
        following = self._clockwork.next_at()
        return following is None or following - self._clock.now() > seconds

    def take(self, broadcast: Broadcast) -> None:
        """Take in an occurrence of a schedule, whose row is written already."""
        try:
            self.check(broadcast)
        except RefusedError as refusal:
            self._end(broadcast, State.REFUSED, refusal.sentence)
        else:
            self._schedule(broadcast)

    def withdraw(self, broadcast_ids: Collection[str], reason: Sentence, *, overtaken: bool = True) -> list[str]:
        """Let these not sound; return those that will not, for this reason. Raises ``StorageError``.

        ``overtaken``: a changed schedule may sound in their place.
        """
        if not broadcast_ids:
            return []
        for broadcast_id in broadcast_ids:
            self._clockwork.cancel(broadcast_id)
        self._dispatcher.withdraw(broadcast_ids)
        self._orders.withdraw(lambda item: item.broadcast.id in broadcast_ids)
        in_hand = self._orders.in_hand
        on_carrier = in_hand.broadcast.id if in_hand is not None else ""
        return self._journal.let_go([one for one in broadcast_ids if one != on_carrier], reason, overtaken=overtaken)

    def cancel(self, request: dict[str, Any]) -> dict[str, Any]:
        """Let one broadcast that waits for its time not sound."""
        one, by = str(request["id"]), str(request.get("by", ""))
        if not self.withdraw([one], Sentence("Cancelled by {by}.", by=by), overtaken=False):
            raise RefusedError(Sentence("It is on air already, or over. To end what is on air, press stop."))
        return {}

    def check(self, broadcast: Broadcast) -> None:
        """Raise ``RefusedError`` when the rules forbid this broadcast."""
        before, after = self._around(broadcast)
        keyed = (broadcast.due - before) if broadcast.due else self._clock.now()
        self._gate.check(broadcast.priority, keyed, keyed + before + broadcast.duration + after, before)

    def _end(self, broadcast: Broadcast, state: State, reason: Sentence) -> None:
        self._emit(BroadcastMoved(broadcast, state, self._clock.now(), reason))

    def _admit(self, broadcast: Broadcast, approved_by: str, asked: str) -> str:
        try:
            self.check(broadcast)
        except RefusedError as refusal:
            self._journal.add(broadcast)
            self._end(broadcast, State.REFUSED, refusal.sentence)
            raise
        return self._journal.add(broadcast, approved_by, asked)

    def _schedule(self, broadcast: Broadcast) -> None:
        if broadcast.due is None:
            self._dispatcher.hand(broadcast)
            return
        before, _ = self._around(broadcast)
        ready_at = broadcast.due - before - _AHEAD_S - connects_s(broadcast.sound) - broadcast.duration / 60
        self._clockwork.at(broadcast.id, ready_at, lambda: self._dispatcher.hand(broadcast))
