"""DTMF in the audio: tones (ITU-T Q.23) and the encoder that calls clusters with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

from broadcaster.config.encoders import DtmfSettings
from broadcaster.model.cluster import Call, Reach
from broadcaster.model.pcm import BLOCK_BYTES, RATE, SAMPLE_BYTES

_KEYS = "123A456B789C*0#D"
_ROWS = (697.0, 770.0, 852.0, 941.0)
_COLUMNS = (1209.0, 1336.0, 1477.0, 1633.0)
_RAMP_MS = 1
_AROUND_MS = 300
"""Of silence between codes and the programme, so that no receiver takes a syllable for part of a code."""


def tone(digit: str, length_ms: int, level_dbfs: float) -> bytes:
    """Return one digit as canonical PCM: two equal tones whose sum peaks at ``level_dbfs``, ramped over 1 ms.

    Raises ``ValueError`` for a character that is no DTMF digit.
    """
    place = _KEYS.index(digit)
    time = np.arange(RATE * length_ms // 1000) / RATE
    low, high = _ROWS[place // 4], _COLUMNS[place % 4]
    wave = np.sin(2 * np.pi * low * time) + np.sin(2 * np.pi * high * time)
    ramp = np.minimum(1.0, np.minimum(time, time[::-1]) / (_RAMP_MS / 1000))
    peak = 10 ** (level_dbfs / 20) * 32767 / 2
    return np.round(wave * ramp * peak).astype("<i2").tobytes()


def silence(length_ms: int) -> bytes:
    """Return ``length_ms`` of silence as canonical PCM."""
    return bytes(RATE * length_ms // 1000 * SAMPLE_BYTES)


def digits_pcm(digits: str, *, tone_ms: int, gap_ms: int, level_dbfs: float) -> bytes:
    """Return a whole code as canonical PCM: tones with gaps between them, none at the ends."""
    return silence(gap_ms).join(tone(digit, tone_ms, level_dbfs) for digit in digits)


class DtmfEncoder:
    """See ``interface.Encoder``: codes are tones in the programme audio, in whole rounds of repeats."""

    def __init__(self, settings: DtmfSettings) -> None:
        self._settings = settings
        # a receiver ends a code at a pause: it must be clearly longer than the one between digits
        self._pause = silence(max(settings.code_gap_ms, 2 * settings.gap_ms))
        self._around = max(self._pause, silence(_AROUND_MS))
        self._code_pcm = lru_cache(maxsize=1024)(self._render_code)

    def open(self, calls: Sequence[Call]) -> Iterator[bytes]:
        """Yield the opening codes as blocks of canonical PCM, silence before, between and after."""
        return self._blocks([self.digits(call, opening=True) for call in calls])

    def close(self, calls: Sequence[Call]) -> Iterator[bytes]:
        """Yield the closing codes likewise."""
        return self._blocks([self.digits(call, opening=False) for call in calls])

    def seconds(self, calls: Sequence[Call]) -> float:
        """Return how long either takes; opening and closing codes may differ: the longer counts."""
        return max(
            sum(len(pcm) for pcm in self._parts([self.digits(call, opening=way) for call in calls]))
            for way in (True, False)
        ) / (RATE * SAMPLE_BYTES)

    def sustain(self, calls: Sequence[Call], blocks: int) -> None:
        """Tones in the middle of the programme would be heard: receivers must stay open by themselves."""

    def digits(self, call: Call, *, opening: bool) -> str:
        """Return the digits of one call: its template with the code filled in."""
        s = self._settings
        if call.reach is Reach.ALL:
            return (s.open_all if opening else s.close_all).format(level=s.level)
        if call.reach is Reach.GROUP:
            return (s.open_group if opening else s.close_group).format(group=call.code, level=call.level)
        return (s.open_cluster if opening else s.close_cluster).format(cluster=call.code, level=call.level)

    def _render_code(self, digits: str) -> bytes:
        s = self._settings
        return digits_pcm(digits, tone_ms=s.tone_ms, gap_ms=s.gap_ms, level_dbfs=s.level_dbfs)

    def _parts(self, codes: list[str]) -> Iterator[bytes]:
        if not codes:
            return
        length = 2 * len(self._around)
        yield self._around
        for number, code in enumerate(codes * self._settings.repeats):
            yield (pcm := (self._pause if number else b"") + self._code_pcm(code))
            length += len(pcm)
        yield self._around + bytes(-length % BLOCK_BYTES)

    def _blocks(self, codes: list[str]) -> Iterator[bytes]:
        waiting = b""
        for part in self._parts(codes):
            waiting += part
            whole = len(waiting) // BLOCK_BYTES * BLOCK_BYTES
            for start in range(0, whole, BLOCK_BYTES):
                yield waiting[start : start + BLOCK_BYTES]
            waiting = waiting[whole:]
