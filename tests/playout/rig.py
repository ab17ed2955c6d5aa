"""A carrier session on hardware that obeys at once: a minute of air in a tenth of a second."""

from __future__ import annotations

from pathlib import Path

from broadcaster.config.encoders import DtmfSettings
from broadcaster.devices.dtmf import DtmfEncoder
from broadcaster.model.cluster import Cluster, Network
from broadcaster.model.evidence import Evidence
from broadcaster.model.pcm import BLOCK, RATE
from broadcaster.playout.air import Air
from broadcaster.playout.events import Event
from broadcaster.playout.marker import OpenMarker
from broadcaster.playout.orders import Orders
from broadcaster.playout.programme import Item
from broadcaster.playout.recorder import AirRecorder
from broadcaster.playout.session import CarrierSession, Gear
from broadcaster.playout.silence import SilenceRule
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
    gear = Gear(
        transmitter=Mast(),
        encoder=DtmfEncoder(DtmfSettings(repeats=1)),
        air=Air(Mouth(clock), recorder, clock),
        network=Network((Cluster(1, "Đông", "01"),)),
        marker=OpenMarker(folder),
        clock=clock,
        lead_in_s=10,
        tail_s=10,
        silence=rule,
    )
    CarrierSession(gear, Orders(), events.append, lambda: None).run(item)
    recorder.close()
    return events
