"""In a limited child: brings sound of any rate and form to canonical PCM, measures it and writes it down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from broadcaster.model.pcm import RATE
from broadcaster.sound import wav
from broadcaster.sound.child import refuse
from broadcaster.sound.loudness import Loudness
from broadcaster.words import Sentence

_WINDOW = RATE
_GRACE_S = 1.0
"""Codecs pad their ends: a sound of just the longest length is not too long."""

Window = NDArray[np.int16]


def canonical(frames: Iterable[av.AudioFrame]) -> Iterator[Window]:
    """Yield decoded sound as s16 mono at ``RATE``, about a second at a time. Rate and form may change on the way."""
    waiting: list[Window] = []
    length = 0
    for part in _resampled(frames):
        waiting.append(part)
        length += len(part)
        if length >= _WINDOW:
            yield np.concatenate(waiting)
            waiting, length = [], 0
    if waiting:
        yield np.concatenate(waiting)


def store(windows: Iterable[Window], target: Path, longest_s: float) -> dict[str, float | None]:
    """Write the WAV file and return ``duration_s``, ``loudness_lufs``, ``peak_dbfs``; or refuse."""
    loudness = Loudness()
    samples = 0
    try:
        with wav.writer(target) as file:
            for pcm in windows:
                samples += len(pcm)
                if samples > (longest_s + _GRACE_S) * RATE:
                    refuse(too_long(longest_s))
                loudness.add(pcm)
                file.writeframesraw(pcm.tobytes())
    except OSError as error:
        refuse(
            Sentence("The sound cannot be kept ({why}): free some space on the disk.", why=error.strerror or str(error))
        )
    if samples == 0:
        refuse(Sentence("This file holds no sound."))
    return {
        "duration_s": samples / RATE,
        "loudness_lufs": loudness.integrated(),
        "peak_dbfs": loudness.peak_dbfs(),
    }


def too_long(longest_s: float) -> Sentence:
    """Return what is said of a sound longer than ``longest_s`` seconds."""
    return Sentence("This sound is too long: at most {minutes} minutes.", minutes=f"{longest_s / 60:g}")


def _resampled(frames: Iterable[av.AudioFrame]) -> Iterator[Window]:
    resampler = None
    form: tuple[int, str, str] | None = None
    for frame in frames:
        found = (frame.sample_rate, frame.format.name, frame.layout.name)
        if resampler is None or found != form:
            if resampler is not None:
                yield from _pulled(resampler, None)
            resampler, form = av.AudioResampler("s16", "mono", RATE), found
        yield from _pulled(resampler, frame)
    if resampler is not None:
        yield from _pulled(resampler, None)


def _pulled(resampler: av.AudioResampler, frame: av.AudioFrame | None) -> Iterator[Window]:
    for part in resampler.resample(frame):
        yield part.to_ndarray().reshape(-1).astype(np.int16, copy=False)
