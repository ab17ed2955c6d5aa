"""The chain from the player down to the transmitter. Its first act is to drop the carrier."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from broadcaster.clock import Clock
from broadcaster.config.settings import Settings
from broadcaster.daemon.board import Board
from broadcaster.daemon.bus import Bus
from broadcaster.daemon.heartbeat import Progress
from broadcaster.daemon.mishaps import Mishaps
from broadcaster.daemon.own_codes import own_codes
from broadcaster.devices.factory import Hardware
from broadcaster.devices.transmitter import KeyedTransmitter
from broadcaster.errors import DeviceError
from broadcaster.home import Home
from broadcaster.model.broadcast import Broadcast
from broadcaster.playout.air import Air
from broadcaster.playout.duty import DutyCycle
from broadcaster.playout.events import CarrierMoved, Emit
from broadcaster.playout.gate import Gate
from broadcaster.playout.marker import OpenMarker, RecoveryLedger
from broadcaster.playout.orders import Orders
from broadcaster.playout.player import Player
from broadcaster.playout.programme import untouched
from broadcaster.playout.recorder import AirRecorder
from broadcaster.playout.session import Gear, unkey_failed
from broadcaster.playout.silence import SilenceRule
from broadcaster.sound import outputs
from broadcaster.sound.code_guard import CodeGuard

_STALL_S = 1.0
_CLOSES_WITHIN_S = 9.0


class Chain:
    """Hardware, output, rules and player, wired together by the constructor; :meth:`close` takes them apart."""

    def __init__(
        self,
        settings: Settings,
        home: Home,
        clock: Clock,
        *,
        bus: Bus,
        board: Board,
        orders: Orders,
        mishaps: Mishaps,
        trusted: Callable[[], bool],
        emit: Emit,
        make_room: Callable[[], bool],
    ) -> None:
        """``trusted`` tells whether the wall clock can be believed; ``emit`` takes what the player tells.

        ``make_room`` is asked when the disk is full and a recording wants to go on.
        """
        self._bus = bus
        self._orders = orders
        self._clock = clock
        self.hardware = Hardware(settings, home)
        self.transmitter = KeyedTransmitter(
            self.hardware.key(),
            self.hardware.key(urgent=True),
            time_out_s=settings.transmitter.time_out_s,
            clock=clock,
            give_up=lambda: os.kill(os.getpid(), signal.SIGKILL),  # so that layer two acts
            timed_out=mishaps.timed_out,
        )
        self._unkey_first()
        self.progress = Progress(_STALL_S)
        output = outputs.output(settings, home)
        orders.wake = output.wake
        self._recorder = AirRecorder(home.air, partial(bus.fault, "recording", momentary=True), make_room)
        self.gear = Gear(
            transmitter=self.transmitter,
            encoder=self.hardware.encoder(),
            air=Air(output, self._recorder, clock),
            network=settings.network,
            marker=OpenMarker(home.run),
            clock=clock,
            lead_in_s=settings.transmitter.lead_in_s,
            tail_s=settings.transmitter.tail_s,
            silence=SilenceRule(settings.sound.silent_after_s, settings.sound.silent_dbfs),
            clean=CodeGuard(codes).clean if (codes := own_codes(settings)) else untouched,
        )
        self.duty = DutyCycle(settings.transmitter.keyed_minutes_per_hour, clock)
        bus.carrier = self.duty.carrier
        longest_s = settings.rules.longest_broadcast_min * 60 + 60
        self.gate = Gate(settings.quiet_hours, longest_s, trusted, board.latched, self.duty.earliest)
        self.player = Player(
            self.gear,
            orders,
            self.gate,
            RecoveryLedger(home.run),
            emit,
            progress=self.progress.stamp,
            died=mishaps.player_died,
        )

    def around(self, broadcast: Broadcast) -> tuple[float, float]:
        """Return the seconds of carrier before and after the sound."""
        return self.gear.before_sound(broadcast.clusters), self.gear.after_sound(broadcast.clusters)

    def drop_carrier(self) -> None:
        """Drop it now, whatever the player does. Raises ``DeviceError``."""
        evidence = self.transmitter.unkey()
        self._bus.emit(CarrierMoved(False, evidence, self._clock.now()))

    def end(self) -> None:
        """Wait for the player, which was told to finish; the carrier is down afterwards, whatever it does."""
        self.player.join(_CLOSES_WITHIN_S)
        if self.player.is_alive():  # its codes take too long, or it hangs: the carrier goes first
            self._orders.carrier_lost()
            self.player.join(1)
            with suppress(DeviceError):
                self.drop_carrier()

    def close_recording(self) -> None:
        """Finish what is being recorded."""
        self._recorder.close()

    def _unkey_first(self) -> None:
        try:
            self.drop_carrier()
        except DeviceError as error:
            self._bus.fault("unkey", unkey_failed(error), latched=True)
