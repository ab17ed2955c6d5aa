"""Somebody speaks live: what is heard of the speaker, why it ends, and its sound for the player."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator

import numpy as np

from broadcaster.config.settings import LiveSettings
from broadcaster.model.pcm import RATE, SAMPLE_BYTES
from broadcaster.sound.jitter import JitterBuffer
from broadcaster.sound.source import blocks
from broadcaster.words import Sentence

LOST = Sentence("The connection to the microphone was lost.")
SILENT = Sentence("Nothing was said for too long.")
TIME_UP = Sentence("The time was up.")
_AT_FIRST_S = 5.0
"""A browser that has just begun stumbles: until it is heard, a longer silence of the line is no loss."""
_SILENT_DBFS = -45.0
_NOTHING_DBFS = -96.0
_MOST_S = 0.3
"""What may wait in the buffer after a burst, before it is cut back to its target."""


class Talk:
    """Fed by the thread of its connection, emptied by the player; ``monotonic`` is the clock."""

    def __init__(self, limits: LiveSettings, monotonic: Callable[[], float]) -> None:
        self.limits = limits
        self.buffer = JitterBuffer(limits.jitter_ms / 1000, max(_MOST_S, 2 * limits.jitter_ms / 1000))
        self._monotonic = monotonic
        self._heard_at = self._loud_at = monotonic()
        self._began: float | None = None
        self.over = threading.Event()
        self.reason: Sentence | None = None
        """Why it ended otherwise than by its speaker."""
        self.level_dbfs = _NOTHING_DBFS

    @property
    def left_s(self) -> float | None:
        """Seconds that the speaker still has; ``None`` while what is said does not go on air."""
        if self._began is None or self.over.is_set():
            return None
        return max(0.0, self._began + self.limits.longest_min * 60 - self._monotonic())

    def hear(self, pcm: bytes) -> None:
        """Sound has come; what is said before the chime is over is not kept."""
        self._heard_at = self._monotonic()
        peak = int(np.abs(np.frombuffer(pcm, "<i2").astype(np.int32)).max(initial=0))
        self.level_dbfs = round(20 * math.log10(peak / 32768), 1) if peak else _NOTHING_DBFS
        if self.level_dbfs > _SILENT_DBFS:
            self._loud_at = self._heard_at
        if self._began is not None and not self.over.is_set():
            self.buffer.put(pcm)

    def begin(self) -> None:
        """The chime is over: from now on the speaker is heard."""
        self._began = self._loud_at = self._monotonic()
        self._heard_at = max(self._heard_at, self._began - self.limits.lost_after_s / 2)

    def finish(self, reason: Sentence | None = None) -> None:
        """End it; the first reason counts, none is a proper end."""
        if not self.over.is_set():
            self.reason = reason
            self.over.set()

    def goes_on(self) -> bool:
        """Look at the limits; the player asks before each block."""
        now = self._monotonic()
        patience = _AT_FIRST_S if self._began is None else self.limits.lost_after_s
        if now - self._heard_at > patience:
            self.finish(LOST)
        elif self._began is not None and now - self._began >= self.limits.longest_min * 60:
            self.finish(TIME_UP)
        elif self._began is not None and now - self._loud_at > self.limits.silent_after_s:
            self.finish(SILENT)
        return not self.over.is_set()


class LiveSource:
    """See ``playout.programme.Source``: chime, the speaker, chime. ``seconds`` is the most that it can last."""

    def __init__(self, talk: Talk, opening: bytes, closing: bytes) -> None:
        self._talk = talk
        self._opening = opening
        self._closing = closing

    @property
    def seconds(self) -> float:
        chimes = (len(self._opening) + len(self._closing)) / SAMPLE_BYTES / RATE
        return chimes + self._talk.limits.longest_min * 60 + self._talk.buffer.most_s

    @property
    def ended_early(self) -> Sentence | None:
        """Why it ended before its time, for the log book."""
        return None if self._talk.reason is TIME_UP else self._talk.reason

    def __iter__(self) -> Iterator[bytes]:
        """Yield blocks as the speaker's sound comes; never waits for it."""
        for block in blocks(self._opening):
            if not self._talk.goes_on():
                break
            yield block
        self._talk.begin()
        while self._talk.goes_on():
            yield self._talk.buffer.take()
        while self._talk.buffer.is_flowing:  # the last words
            yield self._talk.buffer.take()
        yield from blocks(self._closing)
