"""The way to the transmitter's ear: the output and the recording of it, always the same samples."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable

import numpy as np

from broadcaster.clock import Clock
from broadcaster.model.pcm import BLOCK, RATE
from broadcaster.playout.recorder import AirRecorder
from broadcaster.sound.interface import AudioOutput

_METER_BLOCKS = 25
_SILENT_DBFS = -96.0


class Air:
    """Plays blocks, records them, and knows when the next one will sound."""

    def __init__(self, output: AudioOutput, recorder: AirRecorder, clock: Clock) -> None:
        self._output = output
        self._recorder = recorder
        self._clock = clock
        self._began: float | None = None
        self._samples = 0
        self._peaks: deque[int] = deque(maxlen=_METER_BLOCKS)
        self.peak = 0
        """The loudest sample of the last block handed over."""
        self.monitor: Callable[[bytes], None] = lambda _: None
        """Told of every block that was handed over; must not wait."""

    def record(self, broadcast_id: str) -> None:
        """What follows belongs to this broadcast's file."""
        self._recorder.begin(broadcast_id)

    def play(self, block: bytes) -> bool:
        """Hand over one block; False when the wait for room was interrupted. Raises ``OutputError``."""
        if not self._output.play(block):
            return False
        if self._began is None:
            self._began, self._samples = self._clock.now(), 0
        self._samples += BLOCK
        self.peak = int(np.abs(np.frombuffer(block, "<i2").astype(np.int32)).max(initial=0))
        self._peaks.append(self.peak)
        self._recorder.write(block)
        self.monitor(block)
        return True

    def cut(self) -> int:
        """Drop what has not left yet; return how many samples that were. Raises ``OutputError``."""
        dropped = self._output.stop()
        self._recorder.cut(dropped)
        self._began = None
        return dropped

    def drain(self) -> int:
        """Return when the last sample has left: the number of underruns. Raises ``OutputError``."""
        underruns = self._output.drain()
        self._began = None
        return underruns

    def level_dbfs(self) -> float | None:
        """Return the peak of the last half second handed over, in dB below full scale; ``None`` while nothing plays.

        May be called from any thread.
        """
        if self._began is None:
            return None
        peak = max(list(self._peaks), default=0)
        return round(20 * math.log10(peak / 32768), 1) if peak else _SILENT_DBFS

    def next_sample_at(self) -> float:
        """Return the Unix second at which the next block played will begin to sound."""
        now = self._clock.now()
        return now if self._began is None else max(now, self._began + self._samples / RATE)

    def finish_recording(self) -> bool:
        """Close the recording; return whether it lies on disk."""
        return self._recorder.end()
