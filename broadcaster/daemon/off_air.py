"""The monitor: a thread that holds what is heard off the air against what was sent, and says what comes of it.

Nothing waits for it: the player and the bus only put into a queue. It needs neither disk nor log book, and what it
does not know it does not say.
"""

from __future__ import annotations

import logging
import queue
import threading
from typing import Any

from broadcaster.clock import Clock
from broadcaster.config.encoders import DtmfSettings
from broadcaster.config.settings import Settings
from broadcaster.daemon.bus import Bus
from broadcaster.daemon.channel import ChannelReports
from broadcaster.daemon.clips import Clips
from broadcaster.daemon.hearing import Hearing
from broadcaster.daemon.own_codes import own_codes
from broadcaster.errors import InputError
from broadcaster.model.broadcast import ENDS, Broadcast, State
from broadcaster.model.verdict import Verdict
from broadcaster.playout.events import BroadcastHeard, BroadcastMoved, CarrierMoved, Event
from broadcaster.sound.off_air.judgement import Judgement
from broadcaster.sound.off_air.listening import Listening
from broadcaster.sound.off_air.receivers import Receiver
from broadcaster.sound.off_air.track import number
from broadcaster.words import Sentence

_log = logging.getLogger(__name__)
_EVERY_S = 0.5
_MOST_WAITING = 5_000
"""Blocks: should this thread ever hang, memory does not fill."""
_NOT_ON_CARRIER = (State.QUEUED, State.PREPARING)
_BROKEN = Sentence("The monitor failed inside: what sounds is not verified. See the log.")


class OffAir:
    """:meth:`played` and :meth:`told` may be called from any thread and never wait."""

    def __init__(self, settings: Settings, receiver: Receiver, clips: Clips, bus: Bus, clock: Clock) -> None:
        encoder = settings.encoder
        self._settings = settings.monitor
        self._receiver = receiver
        self._clips = clips
        self._bus = bus
        self._clock = clock
        self._arrived: queue.SimpleQueue[tuple[bytes | Event, float]] = queue.SimpleQueue()
        self._listening = Listening(settings.monitor, encoder.gap_ms if isinstance(encoder, DtmfSettings) else None)
        self._own_codes = own_codes(settings)
        self._channel = ChannelReports(bus, clips, clock)
        self._hearings: list[Hearing] = []
        self._last: dict[str, Any] | None = None
        self._carrier: bool | None = None
        self._closing = threading.Event()
        self._broken = False
        self._thread = threading.Thread(target=self._run, name="monitor", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def close(self) -> None:
        """Listen no more; what was being followed is judged by what has come."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(2)

    def played(self, block: bytes) -> None:
        """This block was handed to the output."""
        if not self._broken and self._arrived.qsize() < _MOST_WAITING:
            self._arrived.put((block, self._clock.monotonic()))

    def told(self, event: Event) -> None:
        """This happened."""
        if isinstance(event, BroadcastMoved | CarrierMoved) and not self._broken:
            self._arrived.put((event, self._clock.monotonic()))

    def status(self) -> dict[str, Any]:
        """Return what ``status`` shows of it."""
        current = next((one for one in self._hearings if not one.is_over), None)
        now = {True: Verdict.HEARD, False: Verdict.NOT_HEARD, None: None}[current.judgement.now if current else None]
        return {
            "input": self._settings.input,
            "alive": False if self._broken else self._channel.alive,
            "hears": self._channel.hears,
            "now": now,
            "evidence": now.evidence if now else None,
            "last": self._last,
        }

    def step(self) -> None:
        """Take in what has come since the last time, and say what follows from it."""
        self._listen()
        self._take_all()
        sent, heard = self._listening.take_codes()
        for hearing in self._hearings:
            hearing.judgement.heard_codes |= heard
        if self._hearings:
            self._hearings[-1].judgement.sent_codes |= sent & self._own_codes
        self._judge()

    def _run(self) -> None:
        try:
            while not self._closing.wait(_EVERY_S):
                self.step()
            self.step()
            for hearing in list(self._hearings):
                self._settle(hearing)
        except Exception:  # noqa: BLE001 - top of the thread: the station goes on, unverified, and says so
            self._broken = True
            _log.exception("the monitor failed")
            self._bus.fault("monitor", _BROKEN)
        self._receiver.close()

    def _listen(self) -> None:
        try:
            pcm = self._receiver.take()
        except InputError as error:
            self._channel.gone(error.sentence)
            return
        self._listening.hear(pcm, self._clock.monotonic(), codes=bool(self._hearings))
        for hearing in self._hearings:
            hearing.hear(pcm)
        closed = self._carrier is False
        for hears in self._listening.halves(closed=closed):
            self._channel.take(hears, closed=closed, lately=self._listening.lately)

    def _take_all(self) -> None:
        """Blocks that follow each other are taken in together: it is cheaper."""
        blocks, at = [], 0.0
        for _ in range(self._arrived.qsize()):
            what, when = self._arrived.get()
            if isinstance(what, bytes):
                blocks.append(what)
                at = when
                continue
            self._listening.send(b"".join(blocks), at)
            blocks = []
            self._note(what, when)
        self._listening.send(b"".join(blocks), at)

    def _note(self, event: Event, at: float) -> None:
        match event:
            case CarrierMoved():
                self._carrier = event.on
                for hearing in self._hearings:
                    hearing.carried = hearing.carried or event.on is True
                    if event.on is False:
                        hearing.end(number(at))
            case BroadcastMoved() if event.state not in _NOT_ON_CARRIER:
                followed = self._of(event.broadcast, number(at), begin=event.state not in ENDS)
                if followed is not None and event.state in ENDS:
                    followed.end(number(at))
                elif followed is not None:
                    followed.enter(event.state)

    def _of(self, broadcast: Broadcast, at: int, *, begin: bool) -> Hearing | None:
        for hearing in self._hearings:
            if hearing.broadcast.id == broadcast.id:
                return hearing
        if not begin:
            return None
        judgement = Judgement(self._settings, self._listening.channel, at)
        self._hearings.append(Hearing(broadcast, judgement, carried=self._carrier is True))
        return self._hearings[-1]

    def _judge(self) -> None:
        sent, heard, now = self._listening.sent, self._listening.heard, number(self._clock.monotonic())
        for hearing in list(self._hearings):
            if hearing.clip_is_full:
                self._keep(hearing)
            if hearing.can_be_settled(heard, now):
                self._settle(hearing)
            elif not hearing.is_over:
                hearing.judgement.look(sent, heard)
                self._alarm(hearing, hearing.judgement.alarm)

    def _settle(self, hearing: Hearing) -> None:
        self._hearings.remove(hearing)
        if not hearing.carried:
            return
        hearing.settle(self._listening.sent, self._listening.heard, number(self._clock.monotonic()))
        verdict, why = hearing.judgement.verdict()
        self._keep(hearing)
        if verdict is Verdict.NOT_HEARD:
            self._alarm(hearing, why)
        now = self._clock.now()
        self._last = {
            "id": hearing.broadcast.id,
            "title": hearing.broadcast.title,
            "verdict": verdict,
            "evidence": verdict.evidence,
            "why": why.as_json() if why else None,
            "at": now,
        }
        self._bus.emit(BroadcastHeard(hearing.broadcast.id, verdict, why, now))

    def _alarm(self, hearing: Hearing, why: Sentence | None) -> None:
        if why is not None and not hearing.alarmed:
            hearing.alarmed = True
            told = Sentence("“{title}” is NOT HEARD off the air: {why}.", title=hearing.broadcast.title, why=why)
            self._bus.fault("not heard", told, momentary=True)

    def _keep(self, hearing: Hearing) -> None:
        if hearing.clip and not hearing.clip_kept:
            hearing.clip_kept = True
            self._channel.keep(lambda: self._clips.heard(hearing.broadcast.id, bytes(hearing.clip)))


class NoMonitor:
    """Where there is no receiver, that is said of each broadcast which had the carrier."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def start(self) -> None:
        """There is nothing to listen to."""

    def close(self) -> None:
        """Likewise."""

    def told(self, event: Event) -> None:
        """This happened."""
        if isinstance(event, BroadcastMoved) and event.state in ENDS and event.sounded_s:
            self._bus.emit(BroadcastHeard(event.broadcast.id, Verdict.NO_MONITOR, None, event.at))

    def status(self) -> dict[str, Any]:
        """Return what ``status`` shows of it."""
        return dict.fromkeys(("alive", "hears", "now", "evidence", "last")) | {"input": ""}
