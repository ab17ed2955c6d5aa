"""One pass over a sound of any form: band-limited for horns into a scratch file, its levels noted block by block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from broadcaster.model.pcm import RATE
from broadcaster.sound.child import refuse
from broadcaster.sound.graphs import K_WEIGHTING, Chain, horn_band
from broadcaster.sound.levels import BLOCK, Floats, Levels
from broadcaster.sound.scratch import Scratch
from broadcaster.sound.true_peak import TruePeak
from broadcaster.words import Sentence

_LOUDEST = np.float32(8)
"""18 dB over full scale: what is beyond is no recording."""
_GRACE_S = 1.0
"""Codecs pad their ends: a sound of just the longest length is not too long."""


def measured(sound: Iterable[Floats], scratch: Scratch, longest_s: float) -> Levels:
    """Band-limit mono sound at ``RATE`` into the scratch file and return its levels; or refuse what is too long."""
    band, weigh, oversampled = Chain(horn_band()), Chain(K_WEIGHTING), TruePeak()
    energies, peaks = [np.zeros(0, np.float32)], [np.zeros(0, np.float32)]
    samples = 0
    for second, filled in _whole_seconds(sound):
        samples += filled
        if samples > (longest_s + _GRACE_S) * RATE:
            refuse(too_long(longest_s))
        clean = band.through(_sane(second))
        scratch.add(clean)
        weighed = weigh.through(clean).reshape(-1, BLOCK)
        energies.append(np.einsum("ij,ij->i", weighed, weighed) / BLOCK)
        peaks.append(oversampled.add(clean))
    blocks = -(-samples // BLOCK)
    return Levels(np.concatenate(energies)[:blocks], np.concatenate(peaks)[:blocks])


def too_long(longest_s: float) -> Sentence:
    """Return what is said of a sound longer than ``longest_s`` seconds."""
    return Sentence("This sound is too long: at most {minutes} minutes.", minutes=f"{longest_s / 60:g}")


def _sane(sound: Floats) -> Floats:
    """Return the sound without what float files may hold: a single NaN would stay in the filters for ever."""
    if max(sound.max(), -sound.min()) <= _LOUDEST:  # false for NaN
        return sound
    return np.nan_to_num(sound, nan=0.0, posinf=0.0, neginf=0.0).clip(-_LOUDEST, _LOUDEST)


def _whole_seconds(sound: Iterable[Floats]) -> Iterator[tuple[Floats, int]]:
    """Yield just ``RATE`` samples at a time, the last filled up with silence; and how many of them are sound."""
    left = np.zeros(0, np.float32)
    for part in sound:
        left = np.concatenate([left, part]) if len(left) else part
        while len(left) >= RATE:
            yield left[:RATE], RATE
            left = left[RATE:]
    if len(left):
        yield np.pad(left, (0, RATE - len(left))), len(left)
