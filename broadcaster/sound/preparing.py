"""In a limited child: prepares decoded sound once, so that it only has to be played: canonical PCM at its loudness.

Silent ends are cut, speech is evened out and gently compressed, what a horn cannot sound is taken away, and the whole
is brought to its loudness (ITU-R BS.1770) below its true-peak limit.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np
from numpy.typing import NDArray

from broadcaster.model.pcm import RATE
from broadcaster.sound import wav
from broadcaster.sound.child import refuse
from broadcaster.sound.ends import ends
from broadcaster.sound.gains import Plan
from broadcaster.sound.goal import Target
from broadcaster.sound.graphs import seconds
from broadcaster.sound.levels import BLOCK, Floats, pieces
from broadcaster.sound.measuring import measured
from broadcaster.sound.peaks import beside
from broadcaster.sound.scratch import Scratch
from broadcaster.sound.voice import Prepared
from broadcaster.words import Sentence

_FULL_SCALE = np.float32(32767)
WAVEFORM = 200
"""Points of the picture of a sound."""

Window = NDArray[np.int16]


def store(frames: Iterable[av.AudioFrame], path: Path, longest_s: float, target: Target) -> dict[str, Any]:
    """Write the prepared sound as a WAV file; return what is known of it, or refuse.

    ``duration_s``, ``loudness_lufs``, ``peak_dbfs`` (true peak), ``lead_s`` and ``tail_s`` (silence that was cut off),
    ``waveform`` (``WAVEFORM`` peaks of 0 to 100).
    """
    try:
        with tempfile.TemporaryFile(dir=path.parent) as file:
            sound = _Sound(frames, file, longest_s, target)
            with wav.writer(path) as out:
                for window in sound.windows():
                    out.writeframesraw(window.tobytes())
            np.save(beside(path), sound.peaks)
    except OSError as error:
        refuse(
            Sentence("The sound cannot be kept ({why}): free some space on the disk.", why=error.strerror or str(error))
        )
    return sound.about()


def in_memory(frames: Iterable[av.AudioFrame], longest_s: float, target: Target) -> Iterator[bytes]:
    """Yield the prepared sound as canonical PCM, without touching the disk; or refuse."""
    for window in _Sound(frames, io.BytesIO(), longest_s, target).windows():
        yield window.tobytes()


class _Sound:
    """Decoded and measured once; shaped as often as it is asked for."""

    def __init__(self, frames: Iterable[av.AudioFrame], file: BinaryIO, longest_s: float, target: Target) -> None:
        self._scratch = Scratch(file)
        levels = measured(seconds(frames), self._scratch, longest_s)
        self._start, self._end = ends(levels) if len(levels) else (0, 0)
        if self._start == self._end:
            refuse(Sentence("This file holds no sound."))
        self._tail = len(levels) - self._end
        self._plan = Prepared(levels.part(self._start, self._end), target)
        self._reached = self._plan.settle()
        after = [self._plan.result(*piece) for piece in pieces(self._end - self._start)]
        self.peaks = np.concatenate([one.peak for one in after])
        """True peak of each block."""

    def windows(self) -> Iterator[Window]:
        """Yield the sound as s16, about a second at a time."""
        return shaped(self._scratch.read(self._start * BLOCK, self._end * BLOCK), self._plan)

    def about(self) -> dict[str, Any]:
        """Return what :func:`store` returns."""
        return {
            "duration_s": (self._end - self._start) * BLOCK / RATE,
            "loudness_lufs": round(self._reached, 2) if np.isfinite(self._reached) else None,
            "peak_dbfs": round(20 * float(np.log10(max(float(self.peaks.max()), 1e-6))), 2),
            "lead_s": self._start * BLOCK / RATE,
            "tail_s": self._tail * BLOCK / RATE,
            "waveform": _picture(self.peaks),
        }


def shaped(sound: Iterable[Floats], plan: Plan) -> Iterator[Window]:
    """Yield sound of whole blocks as s16, at its gains, which run straight between the edges of blocks."""
    ramp = np.arange(BLOCK, dtype=np.float32) / BLOCK
    place = 0
    for part in sound:
        count = len(part) // BLOCK
        edges = plan.edges(place, place + count) * _FULL_SCALE
        slopes = edges[:-1, None] + np.diff(edges)[:, None] * ramp
        slopes *= part.reshape(-1, BLOCK)
        yield np.rint(slopes, out=slopes).astype("<i2")
        place += count


def _picture(peaks: Floats) -> list[int]:
    edges = np.linspace(0, len(peaks), WAVEFORM + 1).astype(int)
    return [round(100 * float(peaks[a : max(b, a + 1)].max(initial=0))) for a, b in pairwise(edges)]
