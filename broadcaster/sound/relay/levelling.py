"""Evens out the loudness of what comes as it comes: a slow gain, and a ceiling that no true peak passes."""

from __future__ import annotations

import math

import numpy as np

from broadcaster.model.pcm import BLOCK, BLOCK_BYTES, RATE
from broadcaster.sound.goal import Target
from broadcaster.sound.levels import Floats
from broadcaster.sound.true_peak import TruePeak

_MOST_DB = 12.0
_UP_DB, _DOWN_DB = 1.0, 6.0
"""How fast the gain moves, in a second."""
_GATE_DBFS = -45.0
_MEMORY_S = 3.0
_MARGIN_DB = 0.3
"""A gain that moves within a block, and whole samples, add a little to a true peak."""
_BLOCK_S = BLOCK / RATE
_OFFSET_DB = -0.691
"""BS.1770: so that a tone of 1 kHz has its level in dBFS, less 3.01."""


def _k_weighting() -> np.ndarray:
    """Return the weight of each frequency of a block's spectrum, in power (ITU-R BS.1770-5, tables 1 and 2)."""
    z = np.exp(-2j * np.pi * np.arange(BLOCK // 2 + 1) / BLOCK)
    shelf = np.polyval([1.19839281085285, -2.69169618940638, 1.53512485958697], z) / np.polyval(
        [0.73248077421585, -1.69065929318241, 1], z
    )
    high_pass = (1 - z) ** 2 / np.polyval([0.99007225036621, -1.99004745483398, 1], z)
    weight = np.abs(shelf * high_pass) ** 2 * 2  # each but the first and the last stands for two
    weight[0] /= 2
    weight[-1] /= 2
    return np.asarray(weight)


_WEIGHTS = _k_weighting()


def level_dbfs(block: bytes) -> float:
    """Return the mean level of a block."""
    samples = np.frombuffer(block, "<i2").astype(np.float64)
    power = float(np.mean(samples**2)) / 32768**2 if len(samples) else 0.0
    return 10 * math.log10(power) if power > 1e-10 else -100.0


def loudness_lufs(block: bytes) -> float:
    """Return how loud a block is to the ear: K-weighted, without the gates of BS.1770."""
    spectrum = np.fft.rfft(np.frombuffer(block.ljust(BLOCK_BYTES, b"\0"), "<i2") / 32768)
    power = float(_WEIGHTS @ (spectrum.real**2 + spectrum.imag**2)) / BLOCK**2
    return _OFFSET_DB + 10 * math.log10(power) if power > 1e-10 else -100.0


class Levelling:
    """Gives each block back one block later: so it knows what comes."""

    def __init__(self, goal: Target) -> None:
        self._goal_lufs = goal.lufs
        self._ceiling = 32768 * 10 ** ((goal.peak_dbtp - _MARGIN_DB) / 20)
        self._power: float | None = None
        self.gain_db = 0.0
        self._peaks = TruePeak()
        self._waiting: Floats = np.zeros(BLOCK, np.float32)
        self._allowed = 1.0
        self._edge = 1.0

    def even(self, block: bytes) -> bytes:
        """Take in a block, return the one before it, levelled. Silence moves no gain."""
        coming = np.frombuffer(block.ljust(BLOCK_BYTES, b"\0"), "<i2").astype(np.float32)
        if level_dbfs(block) >= _GATE_DBFS:
            self._follow(loudness_lufs(block))
        peak = float(self._peaks.add(coming).max())
        gain = 10 ** (self.gain_db / 20)
        allowed = min(gain, self._ceiling / peak) if peak else gain
        edge = min(self._allowed, allowed)
        out = self._waiting * np.linspace(self._edge, edge, BLOCK)
        self._waiting, self._allowed, self._edge = coming, allowed, edge
        return np.clip(np.rint(out), -32768, 32767).astype("<i2").tobytes()

    def _follow(self, loudness: float) -> None:
        power = 10 ** (loudness / 10)
        share = _BLOCK_S / _MEMORY_S
        self._power = power if self._power is None else self._power + share * (power - self._power)
        wanted = self._goal_lufs - 10 * math.log10(self._power)
        wanted = max(-_MOST_DB, min(_MOST_DB, wanted))
        step = max(-_DOWN_DB * _BLOCK_S, min(_UP_DB * _BLOCK_S, wanted - self.gain_db))
        self.gain_db += step
