"""Writes the log book from a thread of its own: playout never waits for a disk.

While the log book cannot be opened or written, events wait in memory and the daemon goes on; only
announcements, which must be claimed to air at most once, are refused.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from broadcaster.clock import Clock
from broadcaster.daemon.faults import amiss
from broadcaster.errors import StorageError
from broadcaster.model.broadcast import Broadcast
from broadcaster.model.evidence import Evidence
from broadcaster.playout.events import (
    BroadcastHeard,
    BroadcastMoved,
    CarrierMoved,
    ClusterSilenced,
    ClustersMoved,
    Event,
    FaultCleared,
    FaultRaised,
)
from broadcaster.storage import broadcasts, faults, intervals, settling
from broadcaster.storage.database import database_url, open_database
from broadcaster.storage.ground import Ground
from broadcaster.words import Sentence

_log = logging.getLogger(__name__)
_AGAIN_S = 2.0
_SIGN_OF_LIFE_S = 20.0
_LEAP_S = 2.0
_MOST_EVENTS = 10_000
_FIRST_TRY_S = 3.0
_CARRIER = {True: "on", False: "off", None: "unknown"}
_INTERRUPTED = Sentence("The controller ended in the middle: it crashed, was killed, or lost its power.")


class Journal:
    """``put`` takes events from any thread; the other methods speak with the log book at once."""

    def __init__(self, path: Path, clock: Clock, ground: Callable[[], Ground]) -> None:
        self._ground = ground
        self._url = database_url(path)
        self._clock = clock
        self._engine: Engine | None = None
        self._backlog: deque[Event] = deque(maxlen=_MOST_EVENTS)
        self._arrived: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()
        self._tried = threading.Event()
        self._in_order = True
        self._offset = clock.now() - clock.monotonic()

    @property
    def is_open(self) -> bool:
        """Whether the log book can be used."""
        return self._engine is not None

    def start(
        self,
        *,
        opened: Callable[[list[FaultRaised]], None],
        trouble: Callable[[Sentence], None],
        well: Callable[[], None],
    ) -> None:
        """Open the log book as soon as can be; then call ``opened`` with the faults in it that nobody has seen."""
        self._thread = threading.Thread(target=self._run, args=(opened, trouble, well), name="journal", daemon=True)
        self._thread.start()

    def put(self, event: Event) -> None:
        """Write this down when possible."""
        self._arrived.put(event)

    def add(self, broadcast: Broadcast, approved_by: str = "", asked: str = "") -> str:
        """Write a new announcement down before anything else is done with it; see :func:`broadcasts.add`."""
        return broadcasts.add(self.opened_engine(), broadcast, self._ground(), approved_by, asked)

    def claim(self, broadcast: Broadcast) -> bool:
        """Take a broadcast to air it; true for exactly one caller, ever.

        Raises ``RefusedError`` when nobody approved it as it is, and ``StorageError``.
        """
        return broadcasts.claim(self.opened_engine(), broadcast, self._ground())

    def keyed_lately(self) -> list[tuple[float, float]]:
        """Return when the transmitter was, or may have been, keyed in the last hour. Raises ``StorageError``."""
        now = self._clock.now()
        rows = intervals.between(self.opened_engine(), "transmitter", now - 3600, now)
        return [(row["from_at"], row["until_at"]) for row in rows if row["state"] != "off" and row["until_at"]]

    def queued(self) -> list[Broadcast]:
        """Return what waits for its time. Raises ``StorageError``."""
        return broadcasts.queued(self.opened_engine())

    def let_go(self, broadcast_ids: list[str], reason: Sentence, *, overtaken: bool) -> list[str]:
        """These will never be keyed: end those that have not ended, and return them. Raises ``StorageError``."""
        return settling.let_go(self.opened_engine(), broadcast_ids, self._clock.now(), reason, overtaken=overtaken)

    def acknowledge(self, kinds: list[str], by: str = "") -> None:
        """A person has seen these faults. Raises ``StorageError``."""
        for kind in kinds:
            faults.acknowledge(self.opened_engine(), kind, self._clock.now(), by or None)

    def close(self, *, in_order: bool = True) -> None:
        """Write down what is left, if that is possible, and close the log book.

        ``in_order``: somebody switched the controller off; otherwise it ends because something went wrong.
        """
        self._in_order = in_order
        self._closing.set()
        self._tried.set()
        self._arrived.put(None)
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(5)

    def opened_engine(self) -> Engine:
        """Return the log book; in the first moments of the process, wait for it. Raises ``StorageError``."""
        if self._engine is None:
            self._tried.wait(_FIRST_TRY_S)
        if self._engine is None:
            raise StorageError(
                Sentence("The log book cannot be opened: only an emergency can sound until it is mended.")
            )
        return self._engine

    def _run(
        self,
        opened: Callable[[list[FaultRaised]], None],
        trouble: Callable[[Sentence], None],
        well: Callable[[], None],
    ) -> None:
        unseen: list[FaultRaised] | None = None
        taken_up = False
        while True:
            try:
                if unseen is None:
                    unseen = self._open()
                if not taken_up:
                    opened(unseen)
                    taken_up = True
                self._notice_leap(self._engine)
                self._write_backlog(self._engine)
                well()
                if not self._wait_for_more():
                    break
            except StorageError as error:
                self._tried.set()
                trouble(error.sentence)
                if self._closing.wait(_AGAIN_S):
                    break
        self._leave()

    def _open(self) -> list[FaultRaised]:
        """Open the log book and settle what an earlier process left in the middle."""
        engine = open_database(self._url)
        now = self._clock.now()
        try:
            for broadcast_id, title in broadcasts.fail_interrupted(engine, now, _INTERRUPTED).items():
                _log.error("%s failed: %s", broadcast_id, _INTERRUPTED)
                faults.raise_(engine, "broadcast", amiss(title, _INTERRUPTED), now, latched=False, over=True)
            known_until = intervals.last_sign(engine) or now  # what came after is unknown
            faults.end_all(engine, known_until)
            intervals.end_all(engine, known_until)
            intervals.enter(engine, "controller", "up", Evidence.ACKNOWLEDGED, now)
            unseen = [
                FaultRaised(
                    row["kind"], Sentence.from_json(row["sentence"]), row["raised_at"], bool(row["latched"]), True
                )
                for row in faults.unseen(engine)
            ]
        except StorageError:
            engine.dispose()
            raise
        self._engine = engine
        self._tried.set()
        return unseen

    def _wait_for_more(self) -> bool:
        """Take in what has arrived; now and then nothing, so that a sign of life is written."""
        try:
            event = self._arrived.get(timeout=_SIGN_OF_LIFE_S)
        except queue.Empty:
            return True  # a sign of life follows
        while event is not None:
            self._backlog.append(event)
            if self._arrived.empty():
                return True
            event = self._arrived.get()
        return False

    def _write_backlog(self, engine: Engine | None) -> None:
        if engine is None:
            return
        while self._backlog:
            _write(engine, self._backlog[0])
            self._backlog.popleft()
        intervals.touch(engine, "controller", self._clock.now())

    def _notice_leap(self, engine: Engine | None) -> None:
        """Somebody set the clock: the time that it leapt over was not lived through."""
        offset = self._clock.now() - self._clock.monotonic()
        if engine is not None and abs(offset - self._offset) > _LEAP_S:
            intervals.leap(engine, self._clock.monotonic() + self._offset, self._clock.now())
            self._offset = offset

    def _leave(self) -> None:
        if self._engine is None:
            return
        try:
            self._notice_leap(self._engine)
            self._write_backlog(self._engine)
            if self._in_order:
                intervals.enter(self._engine, "controller", "stopped", Evidence.ACKNOWLEDGED, self._clock.now())
            intervals.end_all(self._engine, self._clock.now())
        except StorageError as error:
            _log.error("the log book was not written to the end: %s", error)
        self._engine.dispose()


def _write(engine: Engine, event: Event) -> None:
    match event:
        case BroadcastMoved():
            broadcasts.record(
                engine, event.broadcast, event.state, event.at, reason=event.reason, sounded_s=event.sounded_s
            )
        case BroadcastHeard():
            broadcasts.hear(engine, event.broadcast_id, event.verdict, event.why)
        case CarrierMoved():
            intervals.enter(engine, "transmitter", _CARRIER[event.on], event.evidence, event.at)
            if event.on is False:
                faults.clear(engine, "unkey", event.at)
        case ClustersMoved():
            for number in sorted(event.numbers):
                intervals.enter(engine, f"cluster-{number:02}", event.state, Evidence.COMMANDED, event.at)
        case ClusterSilenced():
            broadcasts.silence(engine, event.broadcast.id, event.number, event.by, event.at)
        case FaultRaised():
            faults.raise_(engine, event.kind, event.sentence, event.at, latched=event.latched, over=event.momentary)
        case FaultCleared():
            faults.clear(engine, event.kind, event.at)
