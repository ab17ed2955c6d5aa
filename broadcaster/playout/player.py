"""The thread that owns transmitter and output. It never dies silently."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from broadcaster.errors import DeviceError, RefusedError
from broadcaster.model.broadcast import State, new_broadcast_id
from broadcaster.playout.events import BroadcastMoved, CarrierMoved, Emit, FaultRaised
from broadcaster.playout.gate import Gate
from broadcaster.playout.marker import RecoveryLedger
from broadcaster.playout.orders import Orders
from broadcaster.playout.programme import Item
from broadcaster.playout.session import CarrierSession, Gear, unkey_failed
from broadcaster.words import Sentence

_IDLE_S = 0.4
_TRY_EMERGENCY_AGAIN_S = 5.0
_RECOVER_AGAIN_S = 5.0


class Player(threading.Thread):
    """Plays what ``orders`` hold, one carrier session at a time; in between it watches the carrier stay down."""

    def __init__(
        self,
        gear: Gear,
        orders: Orders,
        gate: Gate,
        ledger: RecoveryLedger,
        emit: Emit,
        *,
        progress: Callable[[], None],
        died: Callable[[BaseException], None],
    ) -> None:
        """``died`` is called, with the carrier dropped, when a programming fault ends the thread."""
        super().__init__(name="player", daemon=True)
        self._gear = gear
        self._orders = orders
        self._gate = gate
        self._ledger = ledger
        self._emit = emit
        self._progress = progress
        self._died = died
        self._carrier_unsure = False
        self._recovery_off = False
        self._next_recovery = 0.0
        orders.ready = self._is_due
        orders.may_cut = self._may_cut

    def run(self) -> None:
        """Play until told to finish."""
        _be_punctual()
        try:
            while not self._orders.done():
                self._progress()
                if (item := self._orders.take(_IDLE_S)) is not None:
                    self._play(item)
                else:
                    self._idle()
        except BaseException as error:  # noqa: BLE001 - top of the thread: nothing may pass unseen
            self._drop_carrier()
            self._died(error)

    def acknowledge(self) -> None:
        """A person has looked: recoveries may be tried again. Raises ``OSError``."""
        self._ledger.forget()
        self._recovery_off = False

    def _is_due(self, item: Item) -> bool:
        if self._orders.finishing is not None and not item.is_emergency:
            return False
        due = item.broadcast.due
        if due is not None and item.is_emergency:  # tried again; a wall clock set back must not put it off
            return not 0 < due - self._gear.clock.now() <= _TRY_EMERGENCY_AGAIN_S
        return (
            due is None or self._gear.clock.now() >= due - self._gear.before_sound(item.broadcast.clusters) - _KEYING_S
        )

    def _play(self, item: Item) -> None:
        unsure = self._gear.marker.is_set()
        if self._is_late(item):
            return
        try:
            self._may_key(item)
        except RefusedError as refusal:
            now = self._gear.clock.now()
            self._emit(BroadcastMoved(item.broadcast, State.REFUSED, now, refusal.sentence))
            return
        stops = self._orders.stops
        course = self._session().run(item, unsure=unsure)
        self._gear.air.finish_recording()
        if course.item is not None and course.failed_at in _BEFORE_ITS_END and self._orders.stops == stops:
            self._again(course.item, course.outcome[1])

    def _is_late(self, item: Item) -> bool:
        """An item that waited too long behind others is missed, and its row says so."""
        now, due = self._gear.clock.now(), item.broadcast.due
        if item.is_emergency or due is None or now - due <= item.broadcast.late_after:
            return False
        reason = Sentence("Too late by {minutes} minutes.", minutes=round((now - due) / 60))
        self._emit(BroadcastMoved(item.broadcast, State.MISSED, now, reason))
        return True

    def _may_cut(self, item: Item) -> bool:
        """Tell whether the rules let an item take over a carrier; a refusal is told when its own turn comes."""
        try:
            self._ask_rules(item, self._gear.clock.now())
        except RefusedError:
            return False
        return True

    def _may_key(self, item: Item) -> None:
        """Ask the rules, as late as can be, and write the marker. An emergency does not wait for either."""
        self._ask_rules(item, self._gear.clock.now())
        if item.is_emergency:  # a disk that hangs must not hang it
            helper = threading.Thread(target=self._set_marker, daemon=True)
            helper.start()
            helper.join(_MARKER_WITHIN_S)
        elif (trouble := self._set_marker()) is not None:
            raise RefusedError(trouble)

    def _set_marker(self) -> Sentence | None:
        try:
            self._gear.marker.set()
        except OSError as error:
            sentence = Sentence("The disk cannot be written: {why}", why=str(error))
            self._emit(FaultRaised("disk", sentence, self._gear.clock.now(), momentary=True))
            return sentence
        return None

    def _ask_rules(self, item: Item, now: float) -> None:
        gear, due = self._gear, item.broadcast.due
        before = gear.before_sound(item.broadcast.clusters)
        sound_at = max(now + before, due or 0.0)
        keyed_until = sound_at + item.source.seconds + gear.after_sound(item.broadcast.clusters)
        self._gate.check(item.broadcast.priority, now, keyed_until, before)

    def _again(self, item: Item, reason: Sentence | None) -> None:
        """An emergency that could not sound is tried again until it is stopped or over."""
        if item.repeat is None:
            return
        now, why = self._gear.clock.now(), reason or ""
        left = item.repeat.longest_s - _TRY_EMERGENCY_AGAIN_S
        if left <= 0:
            gave_up = Sentence("The emergency could not sound: {why}", why=why)
            self._emit(FaultRaised("emergency given up", gave_up, now, momentary=True))
            return
        trying = Sentence("THE EMERGENCY DOES NOT SOUND YET ({why}): it is tried again every few seconds.", why=why)
        self._emit(FaultRaised("emergency", trying, now))
        again = replace(item.broadcast, id=new_broadcast_id(now), due=now + _TRY_EMERGENCY_AGAIN_S)
        with suppress(RefusedError):  # it was switched off meanwhile
            self._orders.submit(replace(item, broadcast=again, repeat=replace(item.repeat, longest_s=left)))

    def _idle(self) -> None:
        if self._carrier_unsure or self._gear.transmitter.read() is None:
            self._drop_carrier()
        elif (
            self._gear.marker.is_set()
            and not self._recovery_off
            and self._gear.clock.monotonic() >= self._next_recovery
        ):
            self._next_recovery = self._gear.clock.monotonic() + _RECOVER_AGAIN_S
            self._recover()

    def _recover(self) -> None:
        """Close all clusters after a forced drop: carrier up with silence, close all, carrier down."""
        now = self._gear.clock.now()
        if not self._ledger.allow(now):
            self._recovery_off = True
            self._emit(
                FaultRaised(
                    "recovery",
                    Sentence(
                        "Clusters may stand open and were not closed again: this failed too often within the hour."
                    ),
                    now,
                    latched=True,
                    momentary=True,
                )
            )
            return
        self._emit(
            FaultRaised(
                "forced-drop",
                Sentence("The carrier dropped before the clusters were closed: they are being closed now."),
                now,
                momentary=True,
            )
        )
        self._session().run(None)

    def _drop_carrier(self) -> None:
        now = self._gear.clock.now()
        try:
            evidence = self._gear.transmitter.unkey()
        except DeviceError as error:
            self._carrier_unsure = True
            self._emit(FaultRaised("unkey", unkey_failed(error), now, latched=True))
        else:
            self._carrier_unsure = False
            self._emit(CarrierMoved(False, evidence, now))

    def _session(self) -> CarrierSession:
        return CarrierSession(self._gear, self._orders, self._emit, self._progress)


def _be_punctual() -> None:
    """Go before whatever else keeps the computer busy; without the right to it, an ordinary thread has to do."""
    with suppress(OSError, AttributeError):
        os.sched_setscheduler(0, os.SCHED_FIFO | os.SCHED_RESET_ON_FORK, os.sched_param(_PRIORITY))


_PRIORITY = 10
_BEFORE_ITS_END = (State.PREPARING, State.KEYING, State.OPENING, State.ON_AIR)
_MARKER_WITHIN_S = 0.2
_KEYING_S = 0.3
"""Time allowed for the relay to be switched and read back before a broadcast with a fixed second."""
