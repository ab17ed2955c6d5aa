"""Composition root of the daemon: starts in order of dependence, stops in reverse.

The first act is to drop the carrier; the emergency is reachable before the log book is even opened.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from contextlib import suppress
from functools import partial
from pathlib import Path

from broadcaster import pidfile
from broadcaster.clock import SystemClock
from broadcaster.config import readings
from broadcaster.config.settings import Settings
from broadcaster.control.server import ControlServer
from broadcaster.daemon import ears, heartbeat
from broadcaster.daemon.archive import Archive
from broadcaster.daemon.board import Board
from broadcaster.daemon.bus import Bus
from broadcaster.daemon.chain import Chain
from broadcaster.daemon.clock_trust import ClockTrust
from broadcaster.daemon.dispatcher import Dispatcher
from broadcaster.daemon.emergencies import Emergencies
from broadcaster.daemon.heartbeat import Progress
from broadcaster.daemon.intake import Intake
from broadcaster.daemon.interruptions import Interruptions
from broadcaster.daemon.journal import Journal
from broadcaster.daemon.live_door import LiveDoor
from broadcaster.daemon.mishaps import Mishaps
from broadcaster.daemon.planning import Planning
from broadcaster.daemon.programme import Programme
from broadcaster.daemon.relays import Relays
from broadcaster.daemon.requests import Requests, Seen
from broadcaster.daemon.watches import Watches
from broadcaster.errors import RefusedError
from broadcaster.home import Home
from broadcaster.model.broadcast import ENDS, Broadcast
from broadcaster.model.priority import Priority
from broadcaster.playout.events import BroadcastMoved, Event, FaultRaised
from broadcaster.playout.orders import Orders
from broadcaster.scheduling.clockwork import Clockwork
from broadcaster.seal import secret_key
from broadcaster.sound.finished import FinishedMixes
from broadcaster.sound.frame import Frame
from broadcaster.sound.goal import Target
from broadcaster.sound.library import Library
from broadcaster.storage.ground import Ground
from broadcaster.words import Sentence

_log = logging.getLogger(__name__)
_STALL_S = 2.0
_LOOK_S = 0.5
_NICENESS = -10
_SWITCHED_OFF = Sentence("The controller was switched off")
_ORPHANED = Sentence("The supervisor of the controller died")


class Daemon:
    """All parts of the process, wired together by the constructor; its life is :meth:`run`."""

    def __init__(self, settings: Settings, home: Home) -> None:
        self._pid = pidfile.PidFile(home.run / "daemon.pid")
        self._settings = settings
        self._home = home
        self._clock = SystemClock()
        self._orders = Orders()
        self._board = Board(settings)
        self._library = Library(home.library, Target.of(settings.sound))
        self._key = secret_key(home)
        self._mixes = FinishedMixes(home.library, self._key)
        self._journal = Journal(home.database, self._clock, self._ground)
        self._bus = Bus(self._board, self._journal, self._clock)
        self._frame = Frame(settings.sound, self._library, home, partial(self._bus.fault, "voice", momentary=True))
        self._mishaps = Mishaps(self._bus, self._orders, self._journal)
        self._archive = Archive(
            settings,
            home,
            bus=self._bus,
            on_air=lambda: self._board.current,
            trusted=self._clock_is_trusted,
            clock=self._clock,
        )
        self._chain = Chain(
            settings,
            home,
            self._clock,
            bus=self._bus,
            board=self._board,
            orders=self._orders,
            mishaps=self._mishaps,
            trusted=self._clock_is_trusted,
            emit=self._emit,
            make_room=self._archive.make_room,
        )
        self._off_air = ears.monitor(settings, home, self._bus, self._chain.gear.air, self._clock)
        self._relays = Relays(settings, self._library, self._bus, self._clock)
        self._looked = Progress(_STALL_S)
        self._trust = ClockTrust(home.run, self._clock)
        self._live: LiveDoor | None = None
        self._wire_programme()
        self._wire_requests()

    def run(self) -> None:
        """Serve until SIGTERM, or until the supervisor is gone and nothing urgent sounds."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        threading.excepthook = self._mishaps.thread_died
        self._live = ears.live_door(
            self._settings, self._home, self._intake, self._interruptions, self._bus, self._clock
        )
        self._off_air.start()
        self._chain.player.start()
        self._server = ControlServer(self._home.control_socket, self._requests.handlers())
        self._clockwork.start()
        self._watches.start()
        heartbeat.begin([self._chain.progress, self._looked])
        heartbeat.watch_lifeline(lambda: self._orders.finish(_ORPHANED, emergency_too=False))
        self._journal.start(
            opened=self._log_book_opened,
            trouble=partial(self._bus.fault, "log book"),
            well=partial(self._bus.well, "log book"),
        )
        self._archive.start()
        while self._chain.player.is_alive() and not stop.wait(_LOOK_S):
            self._mishaps.clock(trusted=self._trust.holds())
        self._end(orderly=stop.is_set() or not self._orders.accepts_emergencies)

    def _log_book_opened(self, unseen: list[FaultRaised]) -> None:
        """What an earlier process left behind: faults that nobody acknowledged, broadcasts that wait."""
        for fault in unseen:
            self._board.apply(fault)
        self._chain.duty.remember(self._journal.keyed_lately())
        self._programme.adopt(self._intake.reopen())
        self._programme.start()

    def _wire_programme(self) -> None:
        """From the log book to the player."""
        settings, clock = self._settings, self._clock
        self._clockwork = Clockwork(self._looked.stamp)
        self._dispatcher = Dispatcher(
            claim=self._journal.claim,
            render=self._render,
            relay=self._relays,
            folder=self._home.run,
            orders=self._orders,
            emit=self._emit,
            clock=clock,
        )
        self._intake = Intake(
            settings,
            journal=self._journal,
            clockwork=self._clockwork,
            dispatcher=self._dispatcher,
            gate=self._chain.gate,
            around=self._chain.around,
            seconds=self._seconds,
            orders=self._orders,
            emit=self._emit,
            clock=clock,
        )
        self._programme = Programme(
            self._ground,
            log_book=self._journal.opened_engine,
            clockwork=self._clockwork,
            take=self._intake.take,
            withdraw=self._intake.withdraw,
            faulty=self._mishaps.schedules,
            emit=self._emit,
            clock=clock,
        )

    def _wire_requests(self) -> None:
        """What people, pages and contacts may ask for."""
        settings, clock = self._settings, self._clock
        self._interruptions = Interruptions(
            settings,
            board=self._board,
            orders=self._orders,
            dispatcher=self._dispatcher,
            emit=self._emit,
            clock=clock,
        )
        self._requests = Requests(
            settings,
            board=self._board,
            orders=self._orders,
            emergencies=Emergencies(
                settings,
                readings.read(self._home.glossary),
                self._home.voices,
                lambda name, why: self._bus.fault(f"emergency message {name}", why),
            ),
            intake=self._intake,
            interruptions=self._interruptions,
            planning=Planning(settings, self._chain.gate, self._chain.around, self._seconds, clock),
            schedules_changed=self._programme.notice,
            drop_carrier=self._chain.drop_carrier,
            acknowledge=self._acknowledge,
            more_status=self._more_status,
            clock=clock,
        )
        self._watches = Watches(
            settings,
            self._chain.hardware,
            self._chain.transmitter,
            bus=self._bus,
            orders=self._orders,
            alive=lambda: self._chain.progress.is_made,
            press=self._press,
            clock=clock,
        )

    def _press(self, message: str) -> None:
        """The button on the wall."""
        with suppress(RefusedError):  # it is ending: whoever presses on is heard by the next one
            self._requests.emergency_start({"message": message or None, "origin": "button"})

    def _clock_is_trusted(self) -> bool:
        return self._trust.holds()

    def _ground(self) -> Ground:
        return Ground(self._settings.station.zone, self._settings.network, self._clock.now(), self._key)

    def _render(self, broadcast: Broadcast, target: Path, cancelled: threading.Event) -> float:
        """Only what is whole, from its samples on, becomes sound."""
        mix = self._frame.mix(self._library.whole(broadcast.sound))
        self._mixes.to_air(mix, target, cancelled)
        return mix.longest_pause_s

    def _seconds(self, sound: str) -> float:
        relayed = self._relays.seconds(sound)
        return self._frame.seconds(sound) if relayed is None else relayed

    def _emit(self, event: Event) -> None:
        self._bus.emit(event)
        if not isinstance(event, BroadcastMoved):
            return
        self._mishaps.moved(event)
        if event.broadcast.priority is Priority.EMERGENCY:
            self._archive.wake()
        if event.state in ENDS:
            self._dispatcher.forget(event.broadcast.id)
            if self._live is not None:
                self._live.ended(event)

    def _acknowledge(self, seen: Seen) -> None:
        if seen.clock:
            self._trust.accept()
        if seen.everything:
            self._chain.player.acknowledge()
        if self._journal.is_open:
            self._journal.acknowledge(seen.kinds, seen.by)

    def _more_status(self) -> dict[str, object]:
        return {
            "daemon": {
                "pid": os.getpid(),
                "clock_trusted": self._trust.holds(),
                "log_book": self._journal.is_open,
            },
            "level_dbfs": self._chain.gear.air.level_dbfs(),
            "scheduled": self._intake.waiting(),
            "wires": self._watches.status(),
            "monitor": self._off_air.status(),
            "relays": self._relays.status(),
        }

    def _end(self, *, orderly: bool) -> None:
        if orderly:
            self._orders.finish(_SWITCHED_OFF, emergency_too=True)
        self._chain.end()
        self._off_air.close()
        self._watches.close()
        self._archive.close()
        self._programme.close()
        self._clockwork.close()
        self._dispatcher.close()
        self._relays.close()
        self._requests.give_back()
        self._server.close()
        if self._live is not None:
            self._live.close()
        self._chain.close_recording()
        self._journal.close(in_order=orderly)
        self._chain.hardware.close()


def run(settings: Settings, home: Home) -> None:
    """Run the daemon in this process."""
    sys.setswitchinterval(0.001)  # an emergency must not wait 5 ms for each thread that happens to be busy
    with suppress(OSError):  # the thread that plays waits for whichever holds the interpreter: that one must get on too
        os.setpriority(os.PRIO_PROCESS, 0, _NICENESS)
    Daemon(settings, home).run()
