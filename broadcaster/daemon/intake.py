"""Takes announcements in: checks them at the door, writes their row, and has the clock hand them over in time."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from broadcaster.clock import Clock
from broadcaster.config.settings import Settings
from broadcaster.daemon.dispatcher import Dispatcher
from broadcaster.daemon.journal import Journal
from broadcaster.errors import RefusedError, UsageError
from broadcaster.model.broadcast import Broadcast, State, new_broadcast_id
from broadcaster.model.priority import Priority
from broadcaster.playout.events import BroadcastMoved, Emit
from broadcaster.playout.gate import Gate
from broadcaster.playout.orders import Orders
from broadcaster.scheduling.clockwork import Clockwork
from broadcaster.words import Sentence

_AHEAD_S = 15.0
"""A broadcast is prepared so long before its carrier goes up, plus a second for each minute of sound."""
_PAST_S = 60.0
_NOT_IN_TIME = Sentence("The controller was switched off before it could sound.")
_FARTHEST_S = 366 * 86400.0


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
        self._since = new_broadcast_id(clock.now() - 1)  # identifiers sort by time, to the second

    def announce(self, request: dict[str, Any]) -> dict[str, Any]:
        """Take in one announcement: ``sound``, ``title``, ``clusters``, ``at`` (or null), ``priority``.

        ``asked`` is the asker's own name for it: asked again, after an answer that was lost, it sounds once.
        """
        broadcast = self._broadcast(request)
        taken = self._admit(broadcast, str(request.get("approved_by", "")), str(request.get("asked", ""))[:64])
        if taken != broadcast.id:
            return {"id": taken, "expected_at": None, "duration_s": broadcast.duration}
        turn = broadcast.due is None and bool(self._orders.in_hand or self._orders.waiting())
        self._schedule(broadcast)
        before, _ = self._around(broadcast)
        start = max(broadcast.due or 0.0, self._clock.now() + before)
        return {"id": broadcast.id, "expected_at": None if turn else start, "duration_s": broadcast.duration}

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

    def calm_s(self) -> float | None:
        """Return for how many seconds nothing has to be done for any broadcast; ``None``: nothing is planned."""
        if self._orders.in_hand is not None or self._orders.waiting() or self._dispatcher.is_at_work:
            return 0.0
        following = self._clockwork.next_at()
        return None if following is None else max(0.0, following - self._clock.now())

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
        ready_at = broadcast.due - before - _AHEAD_S - broadcast.duration / 60
        self._clockwork.at(broadcast.id, ready_at, lambda: self._dispatcher.hand(broadcast))

    def _broadcast(self, request: dict[str, Any]) -> Broadcast:
        now = self._clock.now()
        due = request.get("at")
        if due is not None and due < now - _PAST_S:
            raise UsageError(Sentence("That time has passed already: give a later one."))
        if due is not None and due > now + _FARTHEST_S:
            raise UsageError(Sentence("That is more than a year ahead: give an earlier time."))
        sound = str(request["sound"])
        return Broadcast(
            id=new_broadcast_id(now),
            title="".join(c if c.isprintable() else " " for c in str(request["title"]))[:200],
            clusters=target_of(self._settings, request),
            priority=priority_of(request),
            sound=sound,
            due=due,
            duration=self._seconds(sound),
            origin=str(request.get("origin", "command")),
            by=str(request.get("by", "")),
            late_after=self._settings.rules.late_after_min * 60,
        )


def priority_of(request: dict[str, Any]) -> Priority:
    """Return the class asked for. An emergency has a request of its own."""
    word = str(request.get("priority", "routine"))
    if word not in ("routine", "priority"):
        raise UsageError(Sentence("The priority is routine or priority, not {word}.", word=word))
    return Priority.of(word)


def target_of(settings: Settings, request: dict[str, Any]) -> frozenset[int]:
    """Return the clusters that a request's ``clusters``, ``group`` or ``all`` names. Raises ``UsageError``."""
    return settings.network.target(
        request.get("clusters") or (), group=request.get("group") or "", everyone=bool(request.get("all"))
    )
