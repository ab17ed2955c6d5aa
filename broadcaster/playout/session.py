"""One carrier session: carrier on, one broadcast (or several that take over from each other), carrier off.

Straight-line code; the way out stands in one ``finally``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from broadcaster.clock import Clock
from broadcaster.devices.interface import Encoder, Transmitter
from broadcaster.errors import DeviceError, OutputError, SoundError
from broadcaster.model.broadcast import State, advance
from broadcaster.model.cluster import Network
from broadcaster.model.evidence import Evidence
from broadcaster.model.pcm import BLOCK, RATE
from broadcaster.playout.air import Air
from broadcaster.playout.events import (
    BroadcastMoved,
    CarrierMoved,
    ClustersMoved,
    Emit,
    FaultRaised,
)
from broadcaster.playout.marker import OpenMarker
from broadcaster.playout.open_clusters import OpenClusters
from broadcaster.playout.orders import CarrierLostError, Cut, Orders
from broadcaster.playout.programme import Item, blocks_for, silence
from broadcaster.words import Sentence


@dataclass(frozen=True)
class Gear:
    """What a session works with."""

    transmitter: Transmitter
    encoder: Encoder
    air: Air
    network: Network
    marker: OpenMarker
    clock: Clock
    lead_in_s: float
    tail_s: float

    def before_sound(self, clusters: frozenset[int]) -> float:
        """Return the seconds from carrier to the first programme sample."""
        codes = blocks_for(self.encoder.seconds(self.network.calls(clusters)))
        return (blocks_for(self.lead_in_s) + codes) * BLOCK / RATE

    def after_sound(self, clusters: frozenset[int]) -> float:
        """Return the seconds from the last programme sample to carrier off."""
        return self.encoder.seconds(self.network.closing_calls(clusters)) + self.tail_s


class CarrierSession:
    """See the module. ``progress`` is called at least once a block, for the heartbeat."""

    def __init__(self, gear: Gear, orders: Orders, emit: Emit, progress: Callable[[], None]) -> None:
        self._gear = gear
        self._orders = orders
        self._emit = emit
        self._progress = progress
        self._item: Item | None = None
        self._state = State.PREPARING
        self._outcome: tuple[State, Sentence | None] = (State.COMPLETED, None)
        self._lead_left = blocks_for(gear.lead_in_s)
        self._clusters = OpenClusters(gear.network, gear.encoder, self._tell_clusters)
        self._sounded = 0

    def run(self, item: Item | None) -> tuple[State, Sentence | None]:
        """Carry ``item``, and whatever pre-empts it; with ``None``, only close all clusters (recovery).

        Returns how the last of them ended. Device and output faults end here as ``FAILED``.
        """
        try:
            self._key(item)
            following = self._carry(item) if item else None
            while (following := following or self._close()) is not None:
                self._hand_over(following)
                following = self._carry(following)
            self._move(State.UNKEYING)
        except (DeviceError, OutputError, SoundError) as error:
            self._fail(error.sentence)
        except CarrierLostError:
            self._fail(Sentence("the transmit time-out dropped the carrier"))
        finally:
            self._unkey()
        self._end()
        return self._outcome

    def _key(self, item: Item | None) -> None:
        self._item = item
        if item is None:
            self._clusters.suspect_all()
        else:
            self._gear.air.record(item.broadcast.id)
        self._move(State.KEYING)
        self._gear.transmitter.key()
        self._emit(CarrierMoved(True, Evidence.ACKNOWLEDGED, self._gear.clock.now()))

    def _carry(self, item: Item) -> Item | None:
        """Sound an item; return the one that pre-empts it."""
        self._sounded, self._outcome = 0, (State.COMPLETED, None)
        try:
            self._lead_in(item)
            self._open_for(item)
            self._sound(item)
        except Cut as cut:
            dropped = self._gear.air.cut()
            self._sounded -= dropped if self._state is State.ON_AIR else 0
            self._outcome = (State.ABORTED, cut.reason)
            return cut.item
        return None

    def _lead_in(self, item: Item) -> None:
        if self._lead_left and item.broadcast.due is not None:
            self._wait_until(item.broadcast.due - self._gear.before_sound(item.broadcast.clusters))
        while self._lead_left:
            self._play(silence(BLOCK / RATE))
            self._lead_left -= 1

    def _wait_until(self, moment: float) -> None:
        """The carrier is up early; the stream starts so that the first programme sample falls on its second."""
        while (left := moment - self._gear.clock.now()) > 0:
            self._orders.obey(self._item)
            self._progress()
            self._orders.pause(min(left, 0.25))

    def _open_for(self, item: Item) -> None:
        wanted = item.broadcast.clusters
        if self._clusters.missing(wanted):
            self._move(State.OPENING)
            self._play(self._clusters.open(wanted))
        if not item.is_emergency:  # an emergency sounds first; the others are closed after its first round
            self._play(self._clusters.close_except(wanted))

    def _sound(self, item: Item) -> None:
        self._move(State.ON_AIR, self._gear.air.next_sample_at())
        if item.repeat is None:
            self._play(item.source, count=True)
            return
        ends = self._gear.clock.monotonic() + item.repeat.longest_s
        while True:
            self._gear.transmitter.rearm()
            self._play(item.source, count=True)
            self._play(self._clusters.close_except(item.broadcast.clusters))
            if self._gear.clock.monotonic() >= ends:
                return
            self._play(silence(item.repeat.gap_s))

    def _close(self) -> Item | None:
        """Close every cluster that may be open, while the carrier is still up; return what cuts in."""
        self._move(State.CLOSING)
        try:
            if self._item is None:
                self._play(silence(self._gear.lead_in_s), only_higher=True)
                self._lead_left = 0
            self._play(self._clusters.close_all(), only_higher=True)
            self._play(silence(self._gear.tail_s), only_higher=True)
        except Cut as cut:
            self._gear.air.cut()
            return cut.item
        if underruns := self._gear.air.drain():
            self._fault("underruns", Sentence("The sound stumbled {count} time(s).", count=underruns))
        return None

    def _hand_over(self, following: Item) -> None:
        self._end()
        self._item, self._state = following, State.PREPARING
        self._gear.air.record(following.broadcast.id)
        self._gear.transmitter.rearm()

    def _play(self, blocks: Iterable[bytes], *, only_higher: bool = False, count: bool = False) -> None:
        for block in blocks:
            self._progress()
            self._orders.obey(self._item, only_higher=only_higher)
            while not self._gear.air.play(block):
                self._orders.obey(self._item, only_higher=only_higher)
            self._sounded += BLOCK if count else 0

    def _unkey(self) -> None:
        now = self._gear.clock.now
        if self._outcome[0] is State.FAILED:
            with suppress(OutputError):
                self._gear.air.cut()
        try:
            self._gear.transmitter.unkey()
        except DeviceError as error:
            self._emit(CarrierMoved(None, Evidence.COMMANDED, now()))
            self._emit(FaultRaised("unkey", unkey_failed(error), now(), latched=True))
            self._fail(error.sentence)
        else:
            self._emit(CarrierMoved(False, Evidence.ACKNOWLEDGED, now()))
            self._settle_marker()

    def _settle_marker(self) -> None:
        if self._clusters.maybe_open:
            self._clusters.lose()
            self._fault(
                "forced-drop",
                Sentence("The carrier dropped before the clusters were closed: they are being closed now."),
            )
            return
        try:
            self._gear.marker.clear()
        except OSError as error:
            self._fault("disk", Sentence("The disk cannot be written: {why}", why=str(error)))

    def _fail(self, why: Sentence) -> None:
        if self._outcome[0] is not State.FAILED:
            step = _STEPS.get(self._state, _PREPARING)
            self._outcome = (State.FAILED, Sentence("Failed while {step}: {why}", step=step, why=why))

    def _end(self) -> None:
        if self._item is not None:
            self._move(self._outcome[0], reason=self._outcome[1], sounded_s=self._sounded / RATE)

    def _move(self, to: State, at: float | None = None, **more: object) -> None:
        if self._item is not None and to is not self._state:
            self._state = advance(self._state, to)
            moment = self._gear.clock.now() if at is None else at
            self._emit(BroadcastMoved(self._item.broadcast, to, moment, **more))  # type: ignore[arg-type]

    def _tell_clusters(self, numbers: frozenset[int], state: str) -> None:
        self._emit(ClustersMoved(numbers, state, self._gear.clock.now()))

    def _fault(self, kind: str, sentence: Sentence) -> None:
        self._emit(FaultRaised(kind, sentence, self._gear.clock.now(), momentary=True))


def unkey_failed(error: DeviceError) -> Sentence:
    """Return the alarm for a carrier that may be up and cannot be dropped."""
    return Sentence(
        "THE TRANSMITTER MAY STILL BE ON AIR and does not obey: switch it off by hand. ({why})",
        why=error.sentence,
    )


_PREPARING = Sentence("preparing")
_STEPS = {
    State.KEYING: Sentence("switching the transmitter on"),
    State.OPENING: Sentence("opening the clusters"),
    State.ON_AIR: Sentence("sounding"),
    State.CLOSING: Sentence("closing the clusters"),
    State.UNKEYING: Sentence("switching the transmitter off"),
}
