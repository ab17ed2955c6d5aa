"""How the broadcast that holds the carrier gets on: its state, how it will end, and who is told."""

from __future__ import annotations

from broadcaster.clock import Clock
from broadcaster.model.broadcast import State, advance
from broadcaster.model.pcm import RATE
from broadcaster.playout.events import BroadcastMoved, Emit
from broadcaster.playout.programme import Item
from broadcaster.words import Sentence


class Course:
    """Follows one item after the other; with none (a recovery) it only remembers the outcome."""

    def __init__(self, emit: Emit, clock: Clock) -> None:
        self._emit = emit
        self._clock = clock
        self.item: Item | None = None
        self.state = State.PREPARING
        self.outcome: tuple[State, Sentence | None] = (State.COMPLETED, None)
        self.failed_at: State | None = None
        """The step at which it failed, if it did."""
        self.sounded = 0
        """Samples of the programme that were handed to the output."""

    def begin(self, item: Item | None) -> None:
        """From now on it is this item's course."""
        self.item, self.state, self.sounded = item, State.PREPARING, 0
        self.outcome, self.failed_at = (State.COMPLETED, None), None

    def move(self, to: State, at: float | None = None) -> None:
        """Enter a state, at ``at`` (Unix seconds) or now; staying where one is says nothing."""
        if self.item is not None and to is not self.state:
            self.state = advance(self.state, to)
            self._emit(BroadcastMoved(self.item.broadcast, to, self._clock.now() if at is None else at))

    def abort(self, reason: Sentence) -> None:
        """It will end as aborted."""
        self.outcome = (State.ABORTED, reason)

    def fail(self, why: Sentence) -> None:
        """It will end as failed, at the step where it is now; the first failure counts."""
        if self.outcome[0] is not State.FAILED:
            self.failed_at = self.state
            step = _STEPS.get(self.state, _PREPARING)
            self.outcome = (State.FAILED, Sentence("Failed while {step}: {why}", step=step, why=why))

    def end(self) -> None:
        """Tell how it ended."""
        if self.item is not None:
            state, reason = self.outcome
            self.state = advance(self.state, state)
            seconds = self.sounded / RATE
            self._emit(BroadcastMoved(self.item.broadcast, state, self._clock.now(), reason, seconds))


_PREPARING = Sentence("preparing")
_STEPS = {
    State.KEYING: Sentence("switching the transmitter on"),
    State.OPENING: Sentence("opening the clusters"),
    State.ON_AIR: Sentence("sounding"),
    State.CLOSING: Sentence("closing the clusters"),
    State.UNKEYING: Sentence("switching the transmitter off"),
}
