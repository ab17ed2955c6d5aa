"""Two judges of RDS: a demodulator of our own, and libv4l2rds, which reads groups for the radios of Linux.

The demodulator shares nothing with the product: it filters in frequency, and checks blocks by the parity-check matrix
and the syndromes of IEC 62106, annex B, where the encoder has a polynomial and offset words.
"""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Sequence
from ctypes import c_char, c_uint8, c_uint16, c_uint32
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

Blocks = tuple[int, int, int, int]
Bits = npt.NDArray[np.uint8]

_FIRST_ROWS = [1 << bit for bit in range(9, -1, -1)]
_LAST_ROWS = "2DC 16E 0B7 287 39F 313 355 376 1BB 201 3DC 1EE 0F7 2A7 38F 31B"
_MATRIX = np.array(_FIRST_ROWS + [int(row, 16) for row in _LAST_ROWS.split()])
_A, _B, _C, _C_OF_VERSION_B, _D = 0x3D8, 0x3D4, 0x25C, 0x3CC, 0x258

needs_v4l2rds = pytest.mark.skipif(
    ctypes.util.find_library("v4l2rds") is None, reason="libv4l2rds is not installed (Debian: libv4l2rds0)"
)


def groups_of(signal: npt.NDArray[np.floating], rate: int = 171_000) -> list[Blocks]:
    """Return the groups in a multiplex signal, those alone whose four checkwords are right.

    It may begin anywhere; its clock must run evenly, with a whole number of samples a bit.
    """
    step = round(rate / 1187.5)
    soft = _matched(np.pad(np.asarray(signal, np.float64), (0, step)), rate)
    columns = soft[: len(soft) // step * step].reshape(-1, step)
    symbols = columns[:, np.argmax(np.sum(np.abs(columns) ** 2, axis=0))]
    turned = symbols * np.exp(-0.5j * np.angle(np.sum(symbols**2)))
    # the sign is arbitrary; what counts is the difference from the symbol before
    return groups_in((np.diff(np.signbit(turned.real).astype(np.int8)) != 0).astype(np.uint8))


def groups_in(bits: Bits) -> list[Blocks]:
    """Return the groups in a stream of bits that may begin anywhere."""
    if len(bits) < 104:
        return []
    windows = np.lib.stride_tricks.sliding_window_view(bits, 26)
    checks = np.bitwise_xor.reduce(windows * _MATRIX, axis=1)
    words = windows[:, :16] @ (1 << np.arange(15, -1, -1))
    groups = []
    for start in np.flatnonzero((checks[:-78] == _A) & (checks[26:-52] == _B) & (checks[78:] == _D)):
        first, second, third, fourth = (int(words[start + offset]) for offset in (0, 26, 52, 78))
        if checks[start + 52] == (_C_OF_VERSION_B if second & 0x0800 else _C):
            groups.append((first, second, third, fourth))
    return groups


def _matched(signal: npt.NDArray[np.float64], rate: int) -> npt.NDArray[np.complex128]:
    """Return how well a 1 that begins at each sample fits: the standard's filter, then one half bit less the other."""
    subcarrier = np.exp(-2j * np.pi * 57_000 / rate * np.arange(len(signal)))
    spectrum = np.fft.fft(signal * subcarrier)
    bauds = np.fft.fftfreq(len(signal), 1 / rate) / 1187.5
    shape = np.where(np.abs(bauds) < 2, np.cos(np.pi * bauds / 4), 0)
    halves = np.exp(2j * np.pi * bauds / 4) - np.exp(2j * np.pi * bauds * 3 / 4)
    return np.asarray(np.fft.ifft(spectrum * shape * halves), np.complex128)


class _Group(ctypes.Structure):
    _fields_ = (("pi", c_uint16), ("version", c_char), ("group", c_uint8), ("data", c_uint8 * 5))


class _Oda(ctypes.Structure):
    _fields_ = (("group", c_uint8), ("version", c_char), ("aid", c_uint16))


class _State(ctypes.Structure):
    """The beginning of ``struct v4l2_rds`` in libv4l2rds.h; what follows in it is not looked at."""

    _fields_ = (
        ("decode_information", c_uint32),
        ("valid_fields", c_uint32),
        ("is_rbds", ctypes.c_bool),
        ("pi", c_uint16),
        ("ps", c_uint8 * 9),
        ("pty_and_ptyn", c_uint8 * 11),
        ("rt_length", c_uint8),
        ("rt", c_uint8 * 65),
        ("flags_and_codes", c_uint8 * 7),
        ("time", ctypes.c_long),
        ("statistics", c_uint32 * 21),
        ("oda_count", c_uint8),
        ("oda", _Oda * 18),
    )


class V4l2Group(NamedTuple):
    """A group as libv4l2rds took it apart; ``b_lsb`` is the second block's last five bits."""

    pi: int
    group: int
    version: str
    b_lsb: int
    c: int
    d: int


class V4l2Station(NamedTuple):
    """What libv4l2rds holds to be sure; ``oda`` has (group, version, AID). None: not heard often enough."""

    pi: int | None
    ps: str | None
    rt: str | None
    oda: list[tuple[int, str, int]]


def v4l2_groups(groups: Sequence[Blocks]) -> list[V4l2Group]:
    """Return the groups as libv4l2rds reads them."""
    return _fed(groups)[1]


def v4l2_station(groups: Sequence[Blocks]) -> V4l2Station:
    """Return what libv4l2rds knows of the station after these groups (it believes a PI and a PS that came twice)."""
    state, _ = _fed(groups)
    sure = state.valid_fields
    ps = bytes(state.ps[:8]).decode() if sure & 0x08 else None
    rt = bytes(state.rt[: state.rt_length]).split(b"\0")[0].decode() if sure & 0x100 else None
    oda = [(one.group, one.version.decode(), one.aid) for one in state.oda[: state.oda_count]]
    return V4l2Station(state.pi if sure & 0x01 else None, ps, rt, oda)


def _fed(groups: Sequence[Blocks]) -> tuple[_State, list[V4l2Group]]:
    library = ctypes.CDLL(ctypes.util.find_library("v4l2rds"))
    library.v4l2_rds_create.argtypes, library.v4l2_rds_create.restype = [ctypes.c_bool], ctypes.POINTER(_State)
    library.v4l2_rds_add.argtypes = [ctypes.POINTER(_State), ctypes.c_char_p]
    library.v4l2_rds_get_group.argtypes = library.v4l2_rds_destroy.argtypes = [ctypes.POINTER(_State)]
    library.v4l2_rds_get_group.restype = ctypes.POINTER(_Group)
    handle, seen = library.v4l2_rds_create(False), []
    for group in groups:
        for number, block in zip((0, 1, 4 if group[1] & 0x0800 else 2, 3), group, strict=True):
            library.v4l2_rds_add(handle, block.to_bytes(2, "little") + bytes([number]))
        one = library.v4l2_rds_get_group(handle).contents
        b, c, d = one.data[0], one.data[1] << 8 | one.data[2], one.data[3] << 8 | one.data[4]
        seen.append(V4l2Group(one.pi, one.group, one.version.decode(), b, c, d))
    state = _State.from_buffer_copy(handle.contents)
    library.v4l2_rds_destroy(handle)
    return state, seen
