"""Signal tones, computed: chimes and siren as canonical PCM. None holds a pair that DTMF receivers know."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from broadcaster.model.pcm import RATE
from broadcaster.model.sirens import Pattern

_Wave = NDArray[np.float64]

# G4, C5, E5: with their octaves they keep clear of the pairs of ITU-T Q.23 (697…941 with 1209…1633 Hz)
_NOTES_HZ = (392.0, 523.25, 659.26)
_PARTIALS = ((1.0, 1.0, 1.0), (2.0, 0.25, 2.0), (3.0, 0.06, 3.5))
"""Of a bell: multiple of the note, amplitude, how much faster it dies away."""
_STRIKE_S = 0.42
_DECAY_S = 0.45
_CHIME_S = 2.0
_CHIME_DBFS = -6.0
_ATTACK_S = 0.008
_RELEASE_S = 0.1

# a rising and a falling line of the five-note scale; the last one rings out
_TUNE = ((392.0, 0.0), (523.25, 0.5), (587.33, 1.0), (659.26, 1.5), (523.25, 2.0), (659.26, 2.5), (587.33, 3.0))
_TUNE_ENDS = ((392.0, 3.75), (523.25, 3.75), (659.26, 3.75))
_TUNE_S = 5.5

_SIREN_LOW_HZ, _SIREN_HIGH_HZ = 500.0, 1000.0
_WAIL_S = 4.0
_STEADY_HZ = 640.0
"""With its partials it keeps clear of the same pairs."""
_SIREN_PARTIALS = ((1, 1.0), (2, 0.3), (3, 0.15))
_SIREN_DBFS = -3.0
_SIREN_RAMP_S = 0.015


def opening_chime() -> bytes:
    """Return three soft bell tones, rising: 2 s, peak −6 dBFS."""
    return _chime(_NOTES_HZ)


def closing_chime() -> bytes:
    """Return the same bells, falling."""
    return _chime(_NOTES_HZ[::-1])


def signature() -> bytes:
    """Return a short tune of bells: 5.5 s, peak −6 dBFS."""
    time = _time(_TUNE_S)
    wave = np.zeros_like(time)
    for note, start in (*_TUNE, *_TUNE_ENDS):
        first = round(start * RATE)
        wave[first:] += _bell(note, time[: len(time) - first])
    return _pcm(wave * _ramps(time, 0, _RELEASE_S), _CHIME_DBFS)


def soft_tone() -> bytes:
    """Return three soft tones of half a second: enough to be heard under the pole, too little to wake anybody."""
    time = _time(0.5)
    tone = np.sin(2 * np.pi * 660 * time) * _ramps(time, 0.05, 0.05)
    pause = np.zeros(RATE // 4)
    return _pcm(np.concatenate([tone, pause, tone, pause, tone]), -26)


def siren(seconds: float = 10.0) -> bytes:
    """Return a wail between 500 and 1000 Hz: peak −3 dBFS, at full level within 15 ms."""
    return _pcm(_wail(_time(seconds)), _SIREN_DBFS)


def patterned(pattern: Pattern, seconds: float) -> bytes:
    """Return a siren of whole intervals that lasts about so long; at the level of :func:`siren`."""
    if pattern.wails:
        return siren(seconds)
    blast = _steady(_time(pattern.on_s or seconds))
    pause = np.zeros(round(pattern.off_s * RATE))
    parts = [blast] + [part for _ in range(pattern.times(seconds) - 1) for part in (pause, blast)]
    return _pcm(np.concatenate(parts), _SIREN_DBFS)


def _steady(time: _Wave) -> _Wave:
    return _siren_tone(time, _STEADY_HZ * time)


def _wail(time: _Wave) -> _Wave:
    middle, swing = (_SIREN_HIGH_HZ + _SIREN_LOW_HZ) / 2, (_SIREN_HIGH_HZ - _SIREN_LOW_HZ) / 2
    # the integral of middle - swing * cos(2 pi t / wail)
    cycles = middle * time - swing * _WAIL_S / (2 * np.pi) * np.sin(2 * np.pi * time / _WAIL_S)
    return _siren_tone(time, cycles)


def _siren_tone(time: _Wave, cycles: _Wave) -> _Wave:
    wave = np.zeros_like(time)
    for multiple, amplitude in _SIREN_PARTIALS:
        wave += amplitude * np.sin(2 * np.pi * multiple * cycles)
    return wave * _ramps(time, _SIREN_RAMP_S, _SIREN_RAMP_S)


def _chime(notes: tuple[float, ...]) -> bytes:
    time = _time(_CHIME_S)
    wave = np.zeros_like(time)
    for place, note in enumerate(notes):
        start = round(place * _STRIKE_S * RATE)
        wave[start:] += _bell(note, time[: len(time) - start])
    return _pcm(wave * _ramps(time, 0, _RELEASE_S), _CHIME_DBFS)


def _bell(note: float, time: _Wave) -> _Wave:
    wave = np.zeros_like(time)
    for multiple, amplitude, damping in _PARTIALS:
        decay = np.exp(-time * damping / _DECAY_S)
        wave += amplitude * decay * np.sin(2 * np.pi * note * multiple * time)
    return wave * _ramps(time, _ATTACK_S, 0)


def _time(seconds: float) -> _Wave:
    return np.arange(round(seconds * RATE)) / RATE


def _ramps(time: _Wave, attack: float, release: float) -> _Wave:
    """Return a gain that rises from 0 in ``attack`` seconds and falls to it in ``release``, smoothly."""
    gain = np.ones_like(time)
    for left, ramp in ((time, attack), (time[::-1], release)):
        if ramp:
            gain *= (1 - np.cos(np.pi * np.minimum(1.0, left / ramp))) / 2
    return gain


def _pcm(wave: _Wave, peak_dbfs: float) -> bytes:
    scale = 10 ** (peak_dbfs / 20) * 32767 / float(np.max(np.abs(wave)))
    return np.rint(wave * scale).astype("<i2").tobytes()
