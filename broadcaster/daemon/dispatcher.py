"""From the log book to the player: claims a broadcast, mixes its sound ahead, hands it over."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from broadcaster.clock import Clock
from broadcaster.errors import BroadcasterError, RefusedError, StorageError
from broadcaster.model.broadcast import Broadcast, State
from broadcaster.playout.events import BroadcastMoved, Emit
from broadcaster.playout.orders import Orders
from broadcaster.playout.programme import Item, Source
from broadcaster.sound.source import FileSource
from broadcaster.words import Sentence


class Relaying(Protocol):
    """See ``daemon.relays``."""

    def source(self, broadcast: Broadcast) -> Source | None:
        """Connect, if it is a relay."""

    def forget(self, broadcast_id: str) -> None:
        """Let go of its sources."""


class Dispatcher:
    """One thread; whatever goes wrong with a broadcast here ends in a state with its reason."""

    def __init__(
        self,
        *,
        claim: Callable[[Broadcast], bool],
        render: Callable[[Broadcast, Path, threading.Event], float],
        relay: Relaying | None = None,
        folder: Path,
        orders: Orders,
        emit: Emit,
        clock: Clock,
    ) -> None:
        """``claim`` is true for exactly one caller, ever, and refuses what nobody approved.

        ``render`` writes a broadcast's sound to a file, unless the event is set meanwhile, and returns how many
        seconds it is silent on purpose, at most. ``folder`` holds these files until they have sounded.
        """
        self._claim = claim
        self._render = render
        self._relay = relay
        self._folder = folder
        self._orders = orders
        self._emit = emit
        self._clock = clock
        self._withdrawn: dict[str, Sentence | None] = {}
        self._in_work: list[Broadcast] = []
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._work: queue.SimpleQueue[Broadcast | str | None] = queue.SimpleQueue()
        """What to get ready, and the ids of what has ended."""
        self._mixes: set[str] = set()
        """Whose mixes are still needed; the thread's own."""
        self._thread = threading.Thread(target=self._run, name="dispatcher", daemon=True)
        self._thread.start()

    def hand(self, broadcast: Broadcast) -> None:
        """Get this broadcast ready and give it to the player."""
        with self._lock:
            self._in_work.append(broadcast)
        self._work.put(broadcast)

    @property
    def is_at_work(self) -> bool:
        """Whether something is being made ready."""
        with self._lock:
            return bool(self._in_work)

    def forget(self, broadcast_id: str) -> None:
        """It has ended: its mix is not needed any more.

        The player tells us, before the first sample of the emergency that took over: the thread goes to the disk.
        """
        if self._relay is not None:
            self._relay.forget(broadcast_id)
        self._work.put(broadcast_id)

    def withdraw(self, broadcast_ids: Collection[str]) -> None:
        """None of these is given to the player from now on; what it has already stays in ``orders``."""
        with self._lock:
            self._withdrawn.update(dict.fromkeys(broadcast_ids))
        for broadcast_id in broadcast_ids:
            self.forget(broadcast_id)

    def stop(self, reason: Sentence, chosen: Callable[[Broadcast], bool]) -> list[str]:
        """End as aborted the chosen ones of those that are being made ready; return them."""
        with self._lock:
            stopped = [one.id for one in self._in_work if one.id not in self._withdrawn and chosen(one)]
            self._withdrawn.update(dict.fromkeys(stopped, reason))
        return stopped

    def close(self) -> None:
        """Stop; what is still in work ends as missed."""
        self._closing.set()
        self._work.put(None)
        self._thread.join(3)

    def _run(self) -> None:
        self._tidy()
        while (work := self._work.get()) is not None:
            if isinstance(work, str):
                self._mixes.discard(work)
                self._tidy()
            else:
                self._get_ready(work)

    def _tidy(self) -> None:
        """Remove each mix that will not sound: of what has ended, and what a process that was killed has left."""
        with suppress(OSError):  # next time, or at the next start
            for path in self._folder.glob(f"*{_MIX}*"):  # half-made ones too, which have another suffix
                if path.name.partition(_MIX)[0] not in self._mixes:
                    path.unlink(missing_ok=True)

    def _get_ready(self, broadcast: Broadcast) -> None:
        try:
            self._prepare(broadcast)
        except RefusedError as refusal:
            self._end(broadcast, State.REFUSED, refusal.sentence)
        except (BroadcasterError, OSError) as error:
            why = error.sentence if isinstance(error, BroadcasterError) else Sentence("{why}", why=str(error))
            self._end(broadcast, State.FAILED, Sentence("Failed while {step}: {why}", step=PREPARING, why=why))
        with self._lock:
            self._in_work.remove(broadcast)

    def _prepare(self, broadcast: Broadcast) -> None:
        if self._is_stopped(broadcast) or not self._claim_in_time(broadcast):
            return
        self._emit(BroadcastMoved(broadcast, State.PREPARING, self._clock.now()))
        late = self._clock.now() - (broadcast.due or self._clock.now())
        if late > broadcast.late_after:
            self._end(broadcast, State.MISSED, Sentence("Too late by {minutes} minutes.", minutes=round(late / 60)))
            return
        item = self._ready(broadcast)
        if self._closing.is_set():
            self._end(broadcast, State.MISSED, Sentence("The controller was switched off before it could sound."))
            return
        with self._lock:
            if broadcast.id not in self._withdrawn:
                self._orders.submit(item)
                return
        self.forget(broadcast.id)
        self._is_stopped(broadcast)

    def _ready(self, broadcast: Broadcast) -> Item:
        """Connect a relay, or mix a sound of the library."""
        if self._relay is not None and (relayed := self._relay.source(broadcast)) is not None:
            return Item(broadcast, relayed, minds_silence=True)
        path = self._folder / f"{broadcast.id}{_MIX}"
        self._mixes.add(broadcast.id)
        pause_s = self._render(broadcast, path, self._closing)
        return Item(broadcast, FileSource(path), longest_pause_s=pause_s)

    def _is_stopped(self, broadcast: Broadcast) -> bool:
        """Tell whether it was withdrawn; if a person stopped it, its row says so."""
        with self._lock:
            if broadcast.id not in self._withdrawn:
                return False
            reason = self._withdrawn[broadcast.id]
        if reason is not None:
            self._end(broadcast, State.ABORTED, reason)
        return True

    def _claim_in_time(self, broadcast: Broadcast) -> bool:
        """Claim it; while the log book cannot be written, try again as long as it would not be too late."""
        latest = (broadcast.due or self._clock.now()) + broadcast.late_after
        while True:
            try:
                return self._claim(broadcast)
            except StorageError:
                if self._clock.now() >= latest or self._closing.wait(_CLAIM_AGAIN_S):
                    raise

    def _end(self, broadcast: Broadcast, state: State, reason: Sentence) -> None:
        self._emit(BroadcastMoved(broadcast, state, self._clock.now(), reason))


PREPARING = Sentence("preparing the sound")
_CLAIM_AGAIN_S = 1.0
_MIX = ".mix.wav"
