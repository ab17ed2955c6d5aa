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
from broadcaster.daemon.own_codes import own_codes
from broadcaster.daemon.verdicts import Verdicts
from broadcaster.errors import InputError
from broadcaster.playout.events import BroadcastMoved, CarrierMoved, Event
from broadcaster.sound.off_air.listening import Listening
from broadcaster.sound.off_air.receivers import Receiver
from broadcaster.words import Sentence

_log = logging.getLogger(__name__)
_EVERY_S = 0.5
_MOST_WAITING = 5_000
"""Blocks: should this thread ever hang, memory does not fill."""
_BROKEN = Sentence("The monitor failed inside: what sounds is not verified. See the log.")


class OffAir:
    """:meth:`played` and :meth:`told` may be called from any thread and never wait."""

    def __init__(self, settings: Settings, receiver: Receiver, clips: Clips, bus: Bus, clock: Clock) -> None:
        encoder = settings.encoder
        self._settings = settings.monitor
        self._receiver = receiver
        self._bus = bus
        self._clock = clock
        self._own_codes = own_codes(settings)
        self._arrived: queue.SimpleQueue[tuple[bytes | Event, float]] = queue.SimpleQueue()
        self._listening = Listening(settings.monitor, encoder.gap_ms if isinstance(encoder, DtmfSettings) else None)
        self._channel = ChannelReports(bus, clips, clock)
        self._verdicts = Verdicts(settings.monitor, self._listening, self._channel, clips, bus, clock)
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
        now = None if self._broken else self._verdicts.now
        return {
            "input": self._settings.input,
            "alive": False if self._broken else self._channel.alive,
            "hears": self._channel.hears,
            "now": now,
            "evidence": now.evidence if now else None,
            "last": self._verdicts.last,
        }

    def step(self) -> None:
        """Take in what has come since the last time, and say what follows from it."""
        self._listen()
        self._take_all()
        sent, heard = self._listening.take_codes()
        self._verdicts.codes(sent & self._own_codes, heard)
        self._verdicts.look()

    def _run(self) -> None:
        try:
            while not self._closing.wait(_EVERY_S):
                self.step()
            self.step()
            self._verdicts.settle_all()
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
        self._listening.hear(pcm, self._clock.monotonic(), codes=self._verdicts.are_due)
        self._verdicts.hear(pcm)
        closed = self._verdicts.carrier is False
        for hears in self._listening.halves(closed=closed):
            self._channel.take(hears, closed=closed, lately=self._listening.lately)

    def _take_all(self) -> None:
        """Blocks that follow each other are taken in together: it is cheaper."""
        blocks, at = list[bytes](), 0.0
        for _ in range(self._arrived.qsize()):
            what, when = self._arrived.get()
            if isinstance(what, bytes):
                blocks.append(what)
                at = when
                continue
            self._listening.send(b"".join(blocks), at)
            blocks = []
            if isinstance(what, CarrierMoved):
                self._verdicts.key(what.on, when)
            elif isinstance(what, BroadcastMoved):
                self._verdicts.move(what, when)
        self._listening.send(b"".join(blocks), at)
