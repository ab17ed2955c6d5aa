"""The field: a transmitter whose carrier follows a relay, and clusters that listen, obey codes, and sound.

A cluster keeps its state when the carrier drops. That is the danger this product guards against: an open one
then sounds whatever comes in on its frequency, here a steady tone of 440 Hz.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np

from broadcaster.config.settings import Settings
from broadcaster.simulation.decoder import Decoder
from broadcaster.simulation.diary import Diary
from broadcaster.simulation.recording import Recording

FOREIGN_HZ = 440
FOREIGN_DBFS = -12.0
_CHUNK = 480


class Cluster:
    """A receiver with its horns, programmed with the codes that it obeys."""

    def __init__(self, number: int, opens: frozenset[str], closes: frozenset[str], folder: Path) -> None:
        self.number = number
        self._opens = opens
        self._closes = closes
        self._folder = folder
        self._recording: Recording | None = None

    @property
    def is_open(self) -> bool:
        return self._recording is not None

    def obey(self, code: str) -> bool:
        """Open or close if ``code`` says so; return whether that changed anything."""
        if code in self._opens and self._recording is None:
            self._recording = Recording(self._folder)
            return True
        if code in self._closes and self._recording is not None:
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
    """Transmitter and clusters. ``relay`` is called by the relay board, ``hear`` by the sound device."""

    def __init__(self, settings: Settings, folder: Path, diary: Diary) -> None:
        self._channel = settings.transmitter.channel
        self._diary = diary
        self._decoder = Decoder(settings.encoder.gap_ms)
        self._foreign = _foreign_station()
        self._lock = threading.Lock()
        self.carrier = False
        self.clusters = [
            Cluster(number, opens, closes, folder / f"cluster-{number:02}")
            for number, opens, closes in programmed(settings)
        ]

    def relay(self, channel: int, on: bool) -> None:
        """A contact of the relay board moved."""
        self._diary.tell("relay", channel=channel, on=on)
        if channel == self._channel:
            with self._lock:
                self.carrier = on
                self._diary.tell("carrier", on=on)

    def hear(self, chunk: bytes) -> None:
        """The next 10 ms of the programme line have come."""
        with self._lock:
            if not self.carrier:
                foreign = self._foreign()
                self._decoder.feed(_SILENT)
                self._sound(foreign)
                return
            self._sound(chunk)
            samples = np.frombuffer(chunk, "<i2").astype(np.float32) / 32768
            if code := self._decoder.feed(samples):
                self._diary.tell("code", digits=code)
                for cluster in self.clusters:
                    if cluster.obey(code):
                        self._diary.tell("cluster", number=cluster.number, open=cluster.is_open)

    def switch_off(self) -> None:
        """Finish all recordings."""
        with self._lock:
            for cluster in self.clusters:
                cluster.switch_off()

    def _sound(self, chunk: bytes) -> None:
        for cluster in self.clusters:
            cluster.sound(chunk)


_SILENT = np.zeros(_CHUNK, np.float32)


def programmed(settings: Settings) -> list[tuple[int, frozenset[str], frozenset[str]]]:
    """Return for each cluster its number and the codes on which it opens and closes: own, groups', everyone's."""
    encoder = settings.encoder
    group_codes = {group.name: group.code for group in settings.group}
    result = []
    for cluster in settings.cluster:
        codes = []
        for one, group, everyone in (
            (encoder.open_cluster, encoder.open_group, encoder.open_all),
            (encoder.close_cluster, encoder.close_group, encoder.close_all),
        ):
            own = {one.format(cluster=cluster.code)}
            shared = {group.format(group=group_codes[name]) for name in cluster.groups}
            codes.append(frozenset(own | shared | ({everyone} if everyone else set())))
        result.append((cluster.number, codes[0], codes[1]))
    return result


def _foreign_station() -> Callable[[], bytes]:
    """Return a source of the foreign tone, 10 ms at a time: 440 Hz repeats after 1200 samples."""
    period = np.arange(1200)
    level = 10 ** (FOREIGN_DBFS / 20) * 32767
    tone = np.round(np.sin(2 * np.pi * FOREIGN_HZ * period / 48_000) * level).astype("<i2")
    twice = np.concatenate([tone, tone])
    at = 0

    def following() -> bytes:
        nonlocal at
        chunk = twice[at : at + _CHUNK].tobytes()
        at = (at + _CHUNK) % len(tone)
        return chunk

    return following
