"""Speech over a music bed that loops, and ducks while somebody speaks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadcaster.errors import SoundError
from broadcaster.model.pcm import RATE, SAMPLE_BYTES
from broadcaster.sound import wav
from broadcaster.sound.gains import limited
from broadcaster.sound.levels import BLOCK, Floats
from broadcaster.sound.mix import LEAD, WINDOW
from broadcaster.sound.peaks import of_file
from broadcaster.sound.segments import AudioSegment, segment
from broadcaster.words import Sentence

RAMP = 4 * RATE // 10
"""Samples in which the bed comes, ducks, rises and goes."""
_SEAM_MS = 50
_SEAM = _SEAM_MS * RATE // 1000
_MILLISECOND_BYTES = RATE // 1000 * SAMPLE_BYTES


def over_bed(bulletin: Path, bed: Path, duck_db: float, peak_dbtp: float) -> Iterator[bytes]:
    """Yield the bulletin over its bed as canonical PCM: bed alone, both, bed alone. Raises ``SoundError``.

    The bed is ``duck_db`` lower while somebody speaks. Where both together would exceed the true peak, a limiter that
    knows what comes lowers both for a moment (pydub clips without a word).
    """
    with wav.CanonicalFile(bulletin) as speech, LoopedBed(bed) as music:
        course = Course(of_file(bulletin), speech.samples, music, 10 ** (-duck_db / 20), peak_dbtp)
        place = 0
        for voice in _course(speech):
            length = len(voice) // SAMPLE_BYTES
            both = course.common(place, length)
            ducked = segment(_scaled(music.read(length), course.share(place, length) * both))
            yield _whole_milliseconds(_scaled(voice, both)).overlay(ducked).raw_data[: len(voice)]
            place += length


def _course(speech: wav.CanonicalFile) -> Iterator[bytes]:
    """Yield silence, what is spoken, silence."""
    yield bytes(LEAD * SAMPLE_BYTES)
    while pcm := speech.read(WINDOW):
        yield pcm
    yield bytes(LEAD * SAMPLE_BYTES)


class Course:
    """The gains over the whole course. The bed's own: in, duck, stay down under the speech, rise, out."""

    def __init__(self, speech_peaks: Floats, speech: int, bed: LoopedBed, level: float, peak_dbtp: float) -> None:
        """``speech`` in samples, ``speech_peaks`` of its blocks; ``level`` is the bed's gain under it."""
        end = LEAD + speech
        self._places = [0, RAMP, LEAD - RAMP, LEAD, end, end + RAMP, end + LEAD - RAMP, end + LEAD]
        self._gains = [0.0, 1.0, 1.0, level, level, 1.0, 1.0, 0.0]
        self._down, self._level = range(LEAD, end + 1), level
        blocks = -(-(end + LEAD) // BLOCK)
        edges = np.interp(np.arange(blocks + 1) * BLOCK, self._places, self._gains)
        peaks = (bed.peaks(blocks) * np.maximum(edges[:-1], edges[1:])).astype(np.float32)
        peaks[LEAD // BLOCK : LEAD // BLOCK + len(speech_peaks)] += speech_peaks
        self._most = limited(peaks, np.ones(blocks + 1, np.float32), peak_dbtp)

    def share(self, place: int, length: int) -> NDArray[np.float64]:
        """Return the bed's own gain for each sample, or one for all of them."""
        if place in self._down and place + length in self._down:
            return np.array(self._level)
        return np.interp(np.arange(place, place + length), self._places, self._gains)

    def common(self, place: int, length: int) -> NDArray[np.float64]:
        """Return the gain of both for each sample, or one for all: 1, and less around what would exceed the peak."""
        first = place // BLOCK
        edges = self._most[first : (place + length) // BLOCK + 2]
        if edges.min() == 1:
            return np.array(1.0)
        return np.interp(np.arange(place, place + length) / BLOCK - first, np.arange(len(edges)), edges)


class LoopedBed:
    """Music without end: the end of the file fades into its beginning. A context manager."""

    def __init__(self, path: Path) -> None:
        """Raises ``SoundError`` when the file is not canonical, or shorter than a second."""
        self._path = path
        self._file = wav.CanonicalFile(path)
        if self._file.samples < RATE:
            self._file.close()
            raise SoundError(
                Sentence("The music {file} is shorter than a second: choose a longer one.", file=str(path))
            )
        self._ahead = b""
        self._pieces = self._without_end()

    def read(self, count: int) -> bytes:
        """Return the next ``count`` samples as PCM. Raises ``SoundError``."""
        while len(self._ahead) < count * SAMPLE_BYTES:
            self._ahead += next(self._pieces)
        music, self._ahead = self._ahead[: count * SAMPLE_BYTES], self._ahead[count * SAMPLE_BYTES :]
        return music

    def peaks(self, blocks: int) -> Floats:
        """Return the most that each of so many blocks can reach; the file's own blocks lie across them."""
        found = of_file(self._path)
        turn, seam = self._file.samples - _SEAM, -(-_SEAM // BLOCK)
        found[: seam + 1] += found[-seam - 1 :].max()  # in the seam both ends sound
        first = np.arange(blocks) * BLOCK % turn // BLOCK
        return np.maximum(found[first], found[np.minimum(first + 1, len(found) - 1)])

    def __enter__(self) -> LoopedBed:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _without_end(self) -> Iterator[bytes]:
        seam = self._make_seam()
        turn, place = self._file.samples - _SEAM, 0
        while True:
            self._file.seek(place)
            for left in range(turn - place, 0, -WINDOW):
                yield self._file.read(min(left, WINDOW))
            yield seam
            place = _SEAM

    def _make_seam(self) -> bytes:
        """Return the file's last moment fading into its first."""
        self._file.seek(0)
        head = segment(self._file.read(_SEAM))
        self._file.seek(self._file.samples - _SEAM)
        tail = segment(self._file.read(_SEAM))
        return bytes(tail.fade_out(_SEAM_MS).overlay(head.fade_in(_SEAM_MS)).raw_data)


def _scaled(pcm: bytes, gains: NDArray[np.float64]) -> bytes:
    if gains.ndim == 0 and gains == 1:
        return pcm
    return np.rint(np.frombuffer(pcm, "<i2") * gains).astype("<i2").tobytes()


def _whole_milliseconds(pcm: bytes) -> AudioSegment:
    """Return PCM as a segment, filled up with silence: pydub slices, and so overlays, by the millisecond."""
    return segment(pcm + bytes(-len(pcm) % _MILLISECOND_BYTES))
