"""Playout on hardware that obeys at once: a minute of air in a tenth of a second."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

from broadcaster.clock import Clock
from broadcaster.config.encoders import DtmfSettings
from broadcaster.devices.dtmf import DtmfEncoder
from broadcaster.model.broadcast import State
from broadcaster.model.cluster import Cluster, Network
from broadcaster.model.evidence import Evidence
from broadcaster.model.pcm import BLOCK, RATE
from broadcaster.model.rules import QuietHours
from broadcaster.playout.air import Air
from broadcaster.playout.events import BroadcastMoved, Event
from broadcaster.playout.gate import Gate
from broadcaster.playout.marker import OpenMarker, RecoveryLedger
from broadcaster.playout.orders import Orders
from broadcaster.playout.player import Player
from broadcaster.playout.programme import Item
from broadcaster.playout.recorder import AirRecorder
from broadcaster.playout.session import CarrierSession, Gear
from broadcaster.playout.silence import SilenceRule
from broadcaster.sound.code_guard import CodeGuard
from broadcaster.sound.interface import AudioOutput
from broadcaster.words import Sentence
from tests.clock import HandClock

CLUSTER = frozenset([1])


class Mouth:
    """An output that takes everything; the clock goes on as it sounds."""

    def __init__(self, clock: HandClock) -> None:
        self._clock = clock

    def play(self, _: bytes) -> bool:
        self._clock.pass_(BLOCK / RATE)
        return True

    def stop(self) -> int:
        return 0

    def drain(self) -> int:
        return 0

    def wake(self) -> None: ...


class Mast:
    """A transmitter that obeys."""

    on = False

    def key(self) -> Evidence:
        self.on = True
        return Evidence.ACKNOWLEDGED

    def unkey(self) -> Evidence:
        self.on = False
        return Evidence.ACKNOWLEDGED

    def rearm(self) -> None: ...

    def read(self) -> bool:
        return self.on


def carried(item: Item, folder: Path, rule: SilenceRule) -> list[Event]:
    """Carry one item to its end; return all that was told."""
    clock, events = HandClock(), list[Event]()
    recorder = AirRecorder(folder, lambda _: None)
    gear = _gear(Air(Mouth(clock), recorder, clock), folder, clock, rule, around_s=10)
    CarrierSession(gear, Orders(), events.append, lambda: None).run(item)
    recorder.close()
    return events


@contextmanager
def playing(folder: Path, orders: Orders, output: AudioOutput, clock: Clock) -> Iterator[threading.Event]:
    """Have a player obey these orders through an output; yield an event that is set when something is on air."""
    on_air = threading.Event()

    def emit(event: Event) -> None:
        if isinstance(event, BroadcastMoved) and event.state is State.ON_AIR:
            on_air.set()

    recorder = AirRecorder(folder, lambda _: None)
    gear = _gear(Air(output, recorder, clock), folder, clock, SilenceRule(), around_s=0.1)
    gate = Gate(QuietHours(time(), time(), ZoneInfo("UTC")), 3600, lambda: True, lambda: None)
    orders.wake = output.wake
    player = Player(gear, orders, gate, RecoveryLedger(folder), emit, progress=lambda: None, died=lambda _: None)
    player.start()
    try:
        yield on_air
    finally:
        orders.finish(Sentence("over"), emergency_too=True)
        player.join()
        recorder.close()


def _gear(air: Air, folder: Path, clock: Clock, rule: SilenceRule, around_s: float) -> Gear:
    return Gear(
        transmitter=Mast(),
        encoder=DtmfEncoder(DtmfSettings(repeats=1)),
        air=air,
        network=Network((Cluster(1, "Đông", "01"),)),
        marker=OpenMarker(folder),
        clock=clock,
        lead_in_s=around_s,
        tail_s=around_s,
        silence=rule,
        clean=CodeGuard(["*011#", "*010#", "*991#", "*990#"]).clean,
    )
