"""One carrier session: carrier on, one broadcast (or several that take over from each other), carrier off.

Straight-line code; the way out stands in one ``finally``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from broadcaster.clock import Clock
from broadcaster.devices.interface import Encoder, Transmitter
from broadcaster.errors import DeviceError, OutputError, ReadBackError, SoundError
from broadcaster.model.broadcast import State
from broadcaster.model.cluster import Network
from broadcaster.model.evidence import Evidence
from broadcaster.model.pcm import BLOCK, RATE
from broadcaster.playout.air import Air
from broadcaster.playout.course import Course
from broadcaster.playout.events import (
    CarrierMoved,
    ClustersMoved,
    Emit,
    FaultRaised,
)
from broadcaster.playout.marker import OpenMarker
from broadcaster.playout.open_clusters import OpenClusters
from broadcaster.playout.orders import CarrierLostError, Cut, Orders
from broadcaster.playout.programme import Clean, Item, blocks_for, silence, untouched
from broadcaster.playout.silence import SilenceRule, SilenceWatch
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
    silence: SilenceRule
    clean: Clean = untouched
    """What a programme passes before it is played; an emergency does not."""

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
        self._course = Course(emit, gear.clock)
        self._silence = SilenceWatch(gear.silence, emit, gear.clock)
        self._lead_left = blocks_for(gear.lead_in_s)
        self._clusters = OpenClusters(gear.network, gear.encoder, self._tell_clusters)

    def run(self, item: Item | None, *, unsure: bool = False) -> Course:
        """Carry ``item``, and whatever pre-empts it; with ``None``, only close all clusters (recovery).

        ``unsure``: any cluster may stand open from before. Returns the course of the last of them. Device and output
        faults end here as ``FAILED``.
        """
        try:
            self._key(item, unsure=unsure)
            following = self._carry(item) if item else None
            while (following := following or self._close()) is not None:
                self._hand_over(following)
                following = self._carry(following)
            self._course.move(State.UNKEYING)
        except (DeviceError, OutputError) as error:
            self._course.fail(error.sentence)
        except CarrierLostError as lost:
            self._course.fail(lost.reason)
        finally:
            self._unkey()
        self._course.end()
        return self._course

    def _key(self, item: Item | None, *, unsure: bool) -> None:
        self._course.begin(item)
        if item is None or unsure:
            self._clusters.suspect_all()
        if item is not None:
            self._gear.air.record(item.broadcast.id)
        self._course.move(State.KEYING)
        evidence = self._gear.transmitter.key()
        self._emit(CarrierMoved(True, evidence, self._gear.clock.now()))

    def _carry(self, item: Item) -> Item | None:
        """Sound an item; return the one that pre-empts it."""
        try:
            self._lead_in(item)
            self._open_for(item)
            try:
                self._sound(item)
            finally:
                self._silence.end()
        except Cut as cut:
            self._cut_off()
            self._course.abort(cut.reason)
            return cut.item
        except SoundError as error:  # its file cannot be read: the clusters can still be closed in order
            self._cut_off()
            self._course.fail(error.sentence)
        return None

    def _cut_off(self) -> None:
        dropped = self._drop_buffer()
        if self._course.state is State.ON_AIR:
            self._course.sounded = max(0, self._course.sounded - dropped)

    def _lead_in(self, item: Item) -> None:
        if self._lead_left and item.broadcast.due is not None:
            self._wait_until(item.broadcast.due - self._gear.before_sound(item.broadcast.clusters))
        while self._lead_left:
            self._play(silence(BLOCK / RATE))
            self._lead_left -= 1

    def _wait_until(self, moment: float) -> None:
        """The carrier is up early; the stream starts so that the first programme sample falls on its second."""
        clock = self._gear.clock
        # by the clock that never jumps: a wall clock set back must not leave a bare carrier standing
        until = clock.monotonic() + min(moment - clock.now(), _LONGEST_WAIT_S)
        while (left := until - clock.monotonic()) > 0:
            self._orders.obey(self._course.item)
            self._progress()
            self._orders.pause(min(left, 0.25))

    def _open_for(self, item: Item) -> None:
        wanted = item.broadcast.clusters
        if self._clusters.missing(wanted):
            self._course.move(State.OPENING)
            self._reach(self._clusters.open(wanted), item)
        if not item.is_emergency:  # an emergency sounds first; the others are closed after its first round
            self._play(self._clusters.close_except(wanted))

    def _sound(self, item: Item) -> None:
        self._course.move(State.ON_AIR, self._gear.air.next_sample_at())
        if item.repeat is None:
            self._silence.begin(item.longest_pause_s)
            self._play(self._gear.clean(item.source, lambda: self._tell_codes(item)), count=True)
            if (why := item.source.ended_early) is not None:
                self._course.abort(why)
            return
        self._silence.begin()
        ends = self._gear.clock.monotonic() + item.repeat.longest_s
        while True:
            self._gear.transmitter.rearm()
            self._play(item.source, count=True)
            self._reach(self._clusters.close_except(item.broadcast.clusters), item)
            if self._gear.clock.monotonic() >= ends:
                return
            self._play(silence(item.repeat.gap_s))
            if self._clusters.missing(item.broadcast.clusters):
                self._reach(self._clusters.open(item.broadcast.clusters), item)

    def _reach(self, codes: Iterable[bytes], item: Item) -> None:
        """What cannot be opened must not silence an emergency where it is heard: it is told, and tried again."""
        try:
            self._play(codes)
        except DeviceError as error:
            heard = isinstance(error, ReadBackError) or self._clusters.surely_open
            if not item.is_emergency or not heard:  # to nobody at all it would be a carrier, and no emergency
                raise
            self._fault("clusters", error.sentence)

    def _close(self) -> Item | None:
        """Close every cluster that may be open, while the carrier is still up; return what cuts in."""
        self._course.move(State.CLOSING)
        try:
            if self._course.item is None:
                self._play(silence(self._gear.lead_in_s), only_higher=True)
                self._lead_left = 0
            self._send_closing()
        except Cut as cut:
            self._drop_buffer()
            return cut.item
        return None

    def _send_closing(self) -> None:
        """A code that stumbled closes nothing, and no cluster says so: it is sent again."""
        closing = self._clusters.maybe_open
        for _ in range(_CLOSING_ROUNDS):
            self._clusters.doubt(closing)
            self._play(self._clusters.close_all(), only_higher=True)
            self._play(silence(self._gear.tail_s), only_higher=True)
            if not (underruns := self._gear.air.drain()):
                return
            self._fault("underruns", _stumbled(underruns))

    def _hand_over(self, following: Item) -> None:
        self._course.end()
        self._course.begin(following)
        self._gear.air.record(following.broadcast.id)
        self._gear.transmitter.rearm()

    def _play(self, blocks: Iterable[bytes], *, only_higher: bool = False, count: bool = False) -> None:
        for block in blocks:
            self._progress()
            self._orders.obey(self._course.item, only_higher=only_higher)
            while not self._gear.air.play(block):
                self._orders.obey(self._course.item, only_higher=only_higher)
            if count:
                self._count()

    def _count(self) -> None:
        """A block of the programme was handed over."""
        self._course.sounded += BLOCK
        if (item := self._course.item) is not None and not item.minds_silence:
            self._silence.hear(self._gear.air.peak, item.broadcast.title)
        self._clusters.sustain()
        self._mute()

    def _mute(self) -> None:
        """Close what a person has silenced: the codes come in the middle of the sound, which then goes on."""
        maybe_open = self._clusters.maybe_open
        if surplus := self._orders.muted & maybe_open:
            self._play(self._clusters.close_except(maybe_open - surplus))

    def _drop_buffer(self) -> int:
        """An output that is gone has nothing left to drop; whoever plays next is told of it."""
        try:
            return self._gear.air.cut()
        except OutputError:
            return 0

    def _unkey(self) -> None:
        now = self._gear.clock.now
        if self._course.outcome[0] is State.FAILED:
            self._drop_buffer()
        try:
            evidence = self._gear.transmitter.unkey()
        except DeviceError as error:
            self._emit(CarrierMoved(None, Evidence.COMMANDED, now()))
            self._emit(FaultRaised("unkey", unkey_failed(error), now(), latched=True))
            self._course.fail(error.sentence)
        else:
            self._emit(CarrierMoved(False, evidence, now()))
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

    def _tell_clusters(self, numbers: frozenset[int], state: str) -> None:
        self._emit(ClustersMoved(numbers, state, self._gear.clock.now()))

    def _tell_codes(self, item: Item) -> None:
        told = Sentence(
            "“{title}” holds tones that open or close clusters: they were left out.", title=item.broadcast.title
        )
        self._fault("codes in the programme", told)

    def _fault(self, kind: str, sentence: Sentence) -> None:
        self._emit(FaultRaised(kind, sentence, self._gear.clock.now(), momentary=True))


def _stumbled(count: int) -> Sentence:
    return Sentence(
        "The sound stumbled {count} time(s). If that comes often, this computer has too much to do: "
        "tell the technician.",
        count=count,
    )


def unkey_failed(error: DeviceError) -> Sentence:
    """Return the alarm for a carrier that may be up and cannot be dropped."""
    return Sentence(
        "THE TRANSMITTER MAY STILL BE ON AIR and does not obey: switch it off by hand. ({why})",
        why=error.sentence,
    )


_LONGEST_WAIT_S = 2.0
_CLOSING_ROUNDS = 3
