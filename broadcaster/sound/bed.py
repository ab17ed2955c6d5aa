"""Speech over a music bed that loops, and ducks while somebody speaks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from broadcaster.errors import SoundError
from broadcaster.model.pcm import RATE, SAMPLE_BYTES
from broadcaster.sound import wav
from broadcaster.sound.mix import LEAD, WINDOW
from broadcaster.sound.segments import AudioSegment, segment
from broadcaster.words import Sentence

RAMP = 4 * RATE // 10
"""Samples in which the bed comes, ducks, rises and goes."""
_SEAM_MS = 50
_SEAM = _SEAM_MS * RATE // 1000
_MILLISECOND_BYTES = RATE // 1000 * SAMPLE_BYTES
_FULL_SCALE = 32767


def over_bed(bulletin: Path, bed: Path, duck_db: float) -> Iterator[bytes]:
    """Yield the bulletin over its bed as canonical PCM: bed alone, both, bed alone. Raises ``SoundError``.

    The speech keeps its level. The bed makes room for it: it is ``duck_db`` lower, or lower still where
    the loudest moments of both would exceed full scale if they met (pydub clips without a word).
    """
    level = min(10 ** (-duck_db / 20), _room(bulletin, bed))
    with wav.CanonicalFile(bulletin) as speech, LoopedBed(bed) as music:
        envelope = Envelope(speech.samples, level)
        yield envelope.apply(music.read(LEAD), 0).raw_data
        place = LEAD
        while pcm := speech.read(WINDOW):
            length = len(pcm) // SAMPLE_BYTES
            ducked = envelope.apply(music.read(length), place)
            yield _whole_milliseconds(pcm).overlay(ducked).raw_data[: len(pcm)]
            place += length
        yield envelope.apply(music.read(LEAD), place).raw_data


class Envelope:
    """The bed's gain over its whole course: in, duck, stay down while ``speech`` samples last, rise, out."""

    def __init__(self, speech: int, level: float) -> None:
        end = LEAD + speech
        self._places = [0, RAMP, LEAD - RAMP, LEAD, end, end + RAMP, end + LEAD - RAMP, end + LEAD]
        self._gains = [0.0, 1.0, 1.0, level, level, 1.0, 1.0, 0.0]
        self._down = range(LEAD, end + 1)
        self._level_db = 20 * math.log10(level) if level > 0 else -math.inf

    def apply(self, music: AudioSegment, place: int) -> AudioSegment:
        """Return ``music``, which begins ``place`` samples after the bed's start, at its gain."""
        length = int(music.frame_count())
        if place in self._down and place + length in self._down:
            return music + self._level_db
        gains = np.interp(np.arange(place, place + length), self._places, self._gains)
        pcm = np.frombuffer(music.raw_data, "<i2") * gains
        return segment(np.rint(pcm).astype("<i2").tobytes())


class LoopedBed:
    """Music without end: the end of the file fades into its beginning. A context manager."""

    def __init__(self, path: Path) -> None:
        """Raises ``SoundError`` when the file is not canonical, or shorter than a second."""
        self._file = wav.CanonicalFile(path)
        if self._file.samples < RATE:
            self._file.close()
            raise SoundError(
                Sentence("The music {file} is shorter than a second: choose a longer one.", file=str(path))
            )
        self._ahead = b""
        self._pieces = self._without_end()

    def read(self, count: int) -> AudioSegment:
        """Return the next ``count`` samples. Raises ``SoundError``."""
        while len(self._ahead) < count * SAMPLE_BYTES:
            self._ahead += next(self._pieces)
        music, self._ahead = self._ahead[: count * SAMPLE_BYTES], self._ahead[count * SAMPLE_BYTES :]
        return segment(music)

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


def _room(bulletin: Path, bed: Path) -> float:
    """Return the gain at which the bed's loudest sample still fits on top of the bulletin's."""
    loudest = _peak(bed)
    return (_FULL_SCALE - _peak(bulletin)) / loudest if loudest else 1.0


def _peak(path: Path) -> int:
    return min(_FULL_SCALE, max(int(segment(pcm).max) for pcm in wav.windows(path, WINDOW)))


def _whole_milliseconds(pcm: bytes) -> AudioSegment:
    """Return PCM as a segment, filled up with silence: pydub slices, and so overlays, by the millisecond."""
    return segment(pcm + bytes(-len(pcm) % _MILLISECOND_BYTES))
