"""The field: a transmitter whose carrier follows a relay, and clusters that listen, obey codes, and sound.

A cluster keeps its state when the carrier drops. That is the danger this product guards against: an open one
then sounds whatever comes in on its frequency, here a steady tone of ``FOREIGN_HZ``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from broadcaster.config.encoders import DtmfSettings, RdsSettings
from broadcaster.config.settings import ClusterSettings, Settings
from broadcaster.simulation.decoder import Decoder
from broadcaster.simulation.diary import Diary
from broadcaster.simulation.rds_encoder import Blocks
from broadcaster.simulation.rds_receiver import RdsReceiver
from broadcaster.simulation.recording import Recording

FOREIGN_HZ = 440
FOREIGN_DBFS = -12.0
_RATE = 48_000
_CHUNK_BYTES = 960  # 10 ms
_FULL_SCALE = np.float32(1 / 32768)


@dataclass(frozen=True)
class Programmed:
    """The codes that a receiver obeys: its own, its groups' and everyone's."""

    number: int
    opens: frozenset[str]
    closes: frozenset[str]


class Cluster:
    """A receiver with its horns. Each opening is a recording in ``folder``."""

    def __init__(self, programmed: Programmed, folder: Path) -> None:
        self.number = programmed.number
        self._programmed = programmed
        self._folder = folder
        self._recording: Recording | None = None

    @property
    def is_open(self) -> bool:
        return self._recording is not None

    def obey(self, code: str) -> bool:
        """Open or close if ``code`` says so; return whether that changed anything."""
        if code in self._programmed.opens and self._recording is None:
            self._recording = Recording(self._folder)
            return True
        if code in self._programmed.closes and self._recording is not None:
            self.switch_off()
            return True
        return False

    def sound(self, chunk: bytes) -> None:
        """Let the horns sound this, if the cluster is open."""
        if self._recording is not None:
            self._recording.add(chunk)

    def switch_off(self) -> None:
        """Close, and finish the recording."""
        if self._recording is not None:
            self._recording.close()
        self._recording = None


class Field:
    """Transmitter and clusters. ``relay`` is called by the relay board, ``hear`` by the sound card."""

    def __init__(self, settings: Settings, folder: Path, diary: Diary) -> None:
        by_relay = settings.transmitter.keying == "relay"
        self._channel = settings.transmitter.channel if by_relay else 0
        self._diary = diary
        # all receivers hear the same carrier: what one decodes, all decode
        encoder = settings.encoder
        self._decoder = Decoder(encoder.gap_ms) if isinstance(encoder, DtmfSettings) else None
        self._receiver = RdsReceiver(encoder) if isinstance(encoder, RdsSettings) else None
        self._wired = encoder.kind == "relays"
        self.on_carrier: Callable[[bool], None] = lambda _: None
        self._foreign = _ForeignStation()
        self._lock = threading.Lock()
        self._keyed = False
        self._radiates = True
        self.carrier = False
        self.clusters = [Cluster(one, folder / f"cluster-{one.number:02}") for one in programmed(settings)]

    @property
    def open(self) -> list[int]:
        """The numbers of the clusters that are open."""
        return [cluster.number for cluster in self.clusters if cluster.is_open]

    def relay(self, channel: int, on: bool) -> None:
        """A contact of the relay board moved."""
        with self._lock:
            self._diary.tell("relay", channel=channel, on=on)
            if channel == self._channel:
                self._key(on)
            elif self._wired:
                self._obey(f"{channel}{'+' if on else '-'}")

    def key(self, on: bool) -> None:
        """What keys the transmitter, if no relay does, has moved."""
        with self._lock:
            self._key(on)

    def radiate(self, well: bool) -> None:
        """The transmitter works, or has broken down: then there is no carrier, whatever keys it."""
        with self._lock:
            if well is not self._radiates:
                self._radiates = well
                self._key(self._keyed)

    def group(self, blocks: Blocks) -> None:
        """The RDS encoder sent a group: receivers get it while there is a carrier."""
        if self._receiver is None:
            return
        with self._lock:
            if not self.carrier:
                return
            call = self._receiver.feed(blocks)
            if self._receiver.is_ours(blocks):
                self._diary.tell("code", digits="{:04X}{:04X}{:04X}".format(*blocks[1:]))
            if call is not None:
                self._obey("{}/{}".format(*call), tell=False)

    def hear(self, chunk: bytes) -> None:
        """The next 10 ms (480 samples, s16) have come down the programme line."""
        with self._lock:
            if not self.carrier:
                self._sound(bytes(len(chunk)) if self._wired else self._foreign.next())
                return
            self._sound(chunk)
            if self._decoder is None:
                return
            for code in self._decoder.feed(np.frombuffer(chunk, "<i2").astype(np.float32) * _FULL_SCALE):
                self._obey(code)

    def switch_off(self) -> None:
        """Cut the power: all recordings end."""
        with self._lock:
            for cluster in self.clusters:
                cluster.switch_off()

    def _sound(self, chunk: bytes) -> None:
        for cluster in self.clusters:
            cluster.sound(chunk)

    def _key(self, on: bool) -> None:
        self._keyed = on
        on = on and self._radiates
        self.carrier = on
        for ears in (self._decoder, self._receiver):
            if ears is not None:
                ears.reset()
        self._diary.tell("carrier", on=on)
        self.on_carrier(on)

    def _obey(self, code: str, *, tell: bool = True) -> None:
        if tell:
            self._diary.tell("code", digits=code)
        for cluster in self.clusters:
            if cluster.obey(code):
                self._diary.tell("cluster", number=cluster.number, open=cluster.is_open)


class _ForeignStation:
    """A steady tone, 10 ms at a time."""

    def __init__(self) -> None:
        # 440 Hz comes round after 1200 samples, so any 10 ms can be cut from two rounds of it
        angles = 2 * np.pi * FOREIGN_HZ * np.arange(1200) / _RATE
        tone = np.round(np.sin(angles) * 10 ** (FOREIGN_DBFS / 20) * 32767).astype("<i2").tobytes()
        self._round = len(tone)
        self._tone = tone * 2
        self._at = 0

    def next(self) -> bytes:
        chunk = self._tone[self._at : self._at + _CHUNK_BYTES]
        self._at = (self._at + _CHUNK_BYTES) % self._round
        return chunk


def programmed(settings: Settings) -> list[Programmed]:
    """Return how each receiver of the network is programmed."""
    encoder = settings.encoder
    if isinstance(encoder, DtmfSettings):
        return _by_tones(settings, encoder)
    if isinstance(encoder, RdsSettings):
        return _by_groups(settings, encoder)
    return [Programmed(c.number, frozenset([f"{c.code}+"]), frozenset([f"{c.code}-"])) for c in settings.cluster]


def _by_tones(settings: Settings, encoder: DtmfSettings) -> list[Programmed]:
    group = {one.name: one for one in settings.group}

    def codes(way: str, cluster: ClusterSettings) -> frozenset[str]:
        own, shared, everyone = (getattr(encoder, f"{way}_{reach}") for reach in ("cluster", "group", "all"))
        groups = [group[name] for name in cluster.groups]
        found = {shared.format(group=one.code, level=one.level) for one in groups}
        found |= {own.format(cluster=cluster.code, level=cluster.level), everyone.format(level=encoder.level)}
        return frozenset(found) - {""}

    return [Programmed(c.number, codes("open", c), codes("close", c)) for c in settings.cluster]


def _by_groups(settings: Settings, encoder: RdsSettings) -> list[Programmed]:
    group = {one.name: one.code for one in settings.group}

    def calls(action: int, cluster: ClusterSettings) -> frozenset[str]:
        addresses = {int(cluster.code), *(int(group[name]) for name in cluster.groups)}
        if encoder.all_code:
            addresses.add(encoder.all_code)
        return frozenset(f"{address}/{action}" for address in addresses)

    return [
        Programmed(c.number, calls(encoder.open_action, c), calls(encoder.close_action, c)) for c in settings.cluster
    ]
