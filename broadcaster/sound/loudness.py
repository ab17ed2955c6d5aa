"""Integrated loudness (ITU-R BS.1770, by libavfilter's ebur128) and sample peak, measured as sound passes."""

from __future__ import annotations

import math

import av
import av.error
import av.filter
import numpy as np

from broadcaster.model.pcm import RATE


class Loudness:
    """Feed it all of a sound as s16 mono, then ask."""

    def __init__(self) -> None:
        self._graph = av.filter.Graph()
        source = self._graph.add_abuffer(sample_rate=RATE, format="s16", layout="mono")
        meter = self._graph.add("ebur128", "metadata=1")
        sink = self._graph.add("abuffersink")
        source.link_to(meter)
        meter.link_to(sink)
        self._graph.configure()
        self._integrated = -math.inf
        self._peak = 0

    def add(self, pcm: np.ndarray) -> None:
        """Take in samples."""
        if len(pcm) == 0:
            return
        self._peak = max(self._peak, int(np.abs(pcm.astype(np.int32)).max()))
        frame = av.AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = RATE
        self._graph.push(frame)
        self._pull()

    def integrated(self) -> float | None:
        """Return LUFS; ``None`` for what is silent or shorter than the 400 ms that the standard wants."""
        self._graph.push(None)
        self._pull()
        return round(self._integrated, 2) if self._integrated > -70 else None

    def peak_dbfs(self) -> float | None:
        """Return the sample peak; ``None`` for digital silence."""
        return round(20 * math.log10(self._peak / 32768), 2) if self._peak else None

    def _pull(self) -> None:
        while True:
            try:
                frame = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            self._integrated = float(frame.metadata.get("lavfi.r128.I", self._integrated))
