"""What an FM transmitter radiates of RDS groups: a multiplex signal with the 19 kHz pilot and the 57 kHz subcarrier.

Written from IEC 62106: data rate, shaping and subcarrier of its physical layer, checkwords of its annexes A and B.
1.0 is a deviation of 75 kHz.
"""

from __future__ import annotations

import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

Blocks = tuple[int, int, int, int]

RATE = 171_000
PILOT = 0.09
SUBCARRIER = 2 / 75  # a deviation of 2 kHz
_PILOT_HZ = 19_000
_SUBCARRIER_HZ = 3 * _PILOT_HZ
_BITS_A_S = 1187.5
_HIGHEST_HZ = _SUBCARRIER_HZ + 2400
_POLYNOMIAL = 0b101_1011_1001
_A, _B, _C, _C_OF_VERSION_B, _D = 0x0FC, 0x198, 0x168, 0x350, 0x1B4
_REACH = 4  # bits before and after its own in which a symbol still sounds; beyond it is below -70 dB


def groups_to_bits(groups: Sequence[Blocks]) -> npt.NDArray[np.uint8]:
    """Return 104 bits a group, first bit first: each of four blocks of 16 bits, and its checkword.

    ``ValueError``: a block is no number of 16 bits.
    """
    words = [
        block << 10 | _remainder(block) ^ offset
        for group in groups
        for block, offset in zip(group, _offsets(group), strict=True)
    ]
    return (np.array(words, np.uint32)[:, None] >> np.arange(25, -1, -1) & 1).astype(np.uint8).ravel()


def mpx(groups: Sequence[Blocks], rate: int = RATE) -> npt.NDArray[np.float32]:
    """Return the multiplex signal of groups that follow each other, one bit longer than they are.

    That bit comes first: without one before it, the first bit has nothing to differ from. No programme sounds.
    ``rate`` is in samples a second. ``ValueError``: a bit is not a whole number of them, or 59.4 kHz does not fit in.
    """
    if rate % _BITS_A_S or rate <= 2 * _HIGHEST_HZ:
        raise ValueError(f"RDS cannot be sampled at {rate} Hz")
    levels = np.cumsum(np.concatenate([[0], groups_to_bits(groups)])) % 2  # differential coding
    baseband = _baseband(2.0 * levels - 1, int(rate / _BITS_A_S))
    pilot = 2 * np.pi * _PILOT_HZ / rate * np.arange(len(baseband))
    # in phase with the pilot's third harmonic, as the standard allows
    signal = PILOT * np.sin(pilot) + SUBCARRIER * baseband * np.sin(3 * pilot)
    return np.asarray(signal, np.float32)


def write_wav(path: Path, groups: Sequence[Blocks]) -> None:
    """Write the multiplex signal as mono s16 at 171 kHz; a second is 342 kB, and 8 MB of memory while it is made."""
    samples = np.round(mpx(groups) * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())


def _offsets(group: Blocks) -> tuple[int, int, int, int]:
    return _A, _B, _C_OF_VERSION_B if group[1] & 0x0800 else _C, _D


def _remainder(block: int) -> int:
    """Return what is left of the block, followed by ten zeros, after division by the standard's polynomial."""
    if not 0 <= block <= 0xFFFF:
        raise ValueError(f"{block} is no block of 16 bits")
    left = block << 10
    for bit in range(25, 9, -1):
        if left >> bit & 1:
            left ^= _POLYNOMIAL << bit - 10
    return left


def _baseband(signs: npt.NDArray[np.float64], samples_a_bit: int) -> npt.NDArray[np.float64]:
    """Return the shaped biphase symbols of +1 and -1, with a peak near 1."""
    bits = np.arange(-_REACH, _REACH + 1)[:, None] + np.arange(samples_a_bit) / samples_a_bit
    neighbours = np.lib.stride_tricks.sliding_window_view(np.pad(signs, _REACH), 2 * _REACH + 1)
    # of what sounds in a bit, the part of its k-th predecessor is k bits old
    symbols: npt.NDArray[np.float64] = neighbours[:, ::-1] @ _symbol(bits)
    return symbols.ravel()


def _symbol(bits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return a 1 at moments counted in bits from its start: an impulse up, half a bit later one down, both shaped."""
    return _impulse(bits - 0.25) - _impulse(bits - 0.75)


def _impulse(bits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the answer to an impulse of the standard's filter, cos(pi f / 4) up to f = 2 / bit, with a peak of 1.

    It is cos(4 pi t) / (1 - 64 t**2), written as two sincs, which have no gap at t = 1/8.
    """
    return np.pi / 4 * (np.sinc(4 * bits + 0.5) + np.sinc(4 * bits - 0.5))
