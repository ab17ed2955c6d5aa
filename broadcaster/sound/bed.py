"""A mix over a music bed that loops, and steps back while somebody speaks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from broadcaster.errors import SoundError
from broadcaster.model.pcm import RATE, SAMPLE_BYTES
from broadcaster.sound import wav
from broadcaster.sound.ducking import Ducking, spoken
from broadcaster.sound.levels import BLOCK, Floats
from broadcaster.sound.limiter import Limiter, scaled
from broadcaster.sound.mix import LEAD, WINDOW, Mix, length
from broadcaster.sound.peaks import of_file
from broadcaster.sound.run import Run, lay
from broadcaster.sound.segments import AudioSegment, segment
from broadcaster.words import Sentence

_SEAM_MS = 50
_SEAM = _SEAM_MS * RATE // 1000
_MILLISECOND_BYTES = RATE // 1000 * SAMPLE_BYTES


def over_bed(mix: Mix, bed: Path, run: Run) -> Iterator[bytes]:
    """Yield the whole mix as canonical PCM, with its bed from the opening to the closing chime. Raises ``SoundError``.

    Where both together would exceed the true peak, a limiter that knows what comes lowers both for a moment (pydub
    clips without a word).
    """
    start, end = length(mix.head), run.samples - length((mix.closing,))
    peaks = run.peaks()
    ducking = Ducking(start, end, spoken(run, start + LEAD, end - LEAD), 10 ** (-mix.duck_db / 20))
    with LoopedBed(bed) as music:
        limiter = Limiter(peaks, mix.peak_dbtp, summed=reach(music, ducking, start, end, len(peaks)))
        for place, count in _windows(start, end, run.samples):
            voice, both = run.read(count), limiter.gains(place, count)
            if not start <= place < end:
                yield scaled(voice, both)
                continue
            ducked = segment(scaled(music.read(count), ducking.gains(place, count) * both))
            yield _whole_milliseconds(scaled(voice, both)).overlay(ducked).raw_data[: len(voice)]


def _windows(start: int, end: int, total: int) -> Iterator[tuple[int, int]]:
    """Yield place and length of each window; none lies across where the bed begins or ends."""
    for first, last in ((0, start), (start, end), (end, total)):
        for place in range(first, last, WINDOW):
            yield place, min(WINDOW, last - place)


def reach(music: LoopedBed, ducking: Ducking, start: int, end: int, blocks: int) -> Floats:
    """Return the most that the bed adds to each block of the mix."""
    most = np.zeros(blocks, np.float32)
    lay(most, start, music.peaks(-(-(end - start) // BLOCK)))
    return np.asarray(most * ducking.most(blocks), np.float32)


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


def _whole_milliseconds(pcm: bytes) -> AudioSegment:
    """Return PCM as a segment, filled up with silence: pydub slices, and so overlays, by the millisecond."""
    return segment(pcm + bytes(-len(pcm) % _MILLISECOND_BYTES))
