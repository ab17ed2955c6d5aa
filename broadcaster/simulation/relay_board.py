"""Byte model of a Waveshare Modbus RTU Relay board, written from its manual (protocol V2), not from a driver.

Functions 01 (read coils), 05 (write one), 0F (write several) and 03 (address and version). Coils count from 0
on the wire, channels from 1 in what it tells.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

_VERSION = 200  # V2.00
_ALL = 0x00FF
_FLASH_ON, _FLASH_OFF, _FLASH_UNIT_S = 0x02, 0x04, 0.1
_ON, _OFF, _TOGGLE = 0xFF00, 0x0000, 0x5500
_ILLEGAL_FUNCTION, _ILLEGAL_ADDRESS, _ILLEGAL_VALUE = 1, 2, 3
_SHORTEST, _LONGEST = 8, 264


class RelayBoard:
    """Bytes in, bytes out; ``on_change(channel, on)`` is told of each contact that moves."""

    def __init__(self, on_change: Callable[[int, bool], None], *, channels: int = 8, address: int = 1) -> None:
        self.coils = [False] * channels
        self.stuck = False
        """A contact that is welded: the board says OK and nothing moves."""
        self._on_change = on_change
        self._address = address
        self._buffer = b""
        self._flashes: dict[int, tuple[float, bool]] = {}
        self._now = 0.0

    @property
    def pending(self) -> bool:
        """True while bytes wait that are no whole frame yet."""
        return bool(self._buffer)

    @property
    def next_flash_end(self) -> float | None:
        """When :meth:`tick` is wanted next, on the caller's clock; ``None`` while no timed contact runs."""
        return min((until for until, _ in self._flashes.values()), default=None)

    def feed(self, data: bytes) -> bytes:
        """Take in bytes; return what the board answers to the whole frames among them."""
        self._buffer += data
        answers = b""
        while (frame := self._next_frame()) is not None:
            answers += self._answer(frame)
        return answers

    def pause(self) -> None:
        """3.5 characters of silence: what came so far is no frame and never will be."""
        self._buffer = b""

    def tick(self, now: float) -> None:
        """End the timed contacts whose time is over; ``now`` is in seconds of any steady clock."""
        self._now = now
        for coil, (until, then) in list(self._flashes.items()):
            if now >= until:
                self._set(coil, then)

    def power_off(self) -> None:
        """All contacts fall open, a welded one too: power loss is then what the test is about."""
        self._buffer = b""
        self._flashes.clear()
        for coil in range(len(self.coils)):
            self._move(coil, False)

    def _next_frame(self) -> bytes | None:
        """Cut the first sound frame out of the buffer, dropping the noise before it."""
        for start in range(len(self._buffer) - _SHORTEST + 1):
            if frame := self._frame_at(start):
                self._buffer = self._buffer[start + len(frame) :]
                return frame
        self._buffer = self._buffer[-_LONGEST:]
        return None

    def _frame_at(self, start: int) -> bytes:
        if self._buffer[start] not in (0, self._address):
            return b""
        variable = self._buffer[start + 1] in (0x0F, 0x10)
        length = 9 + self._buffer[start + 6] if variable else _SHORTEST
        frame = self._buffer[start : start + length]
        return frame if len(frame) == length and _check(frame[:-2]) == frame[-2:] else b""

    def _answer(self, frame: bytes) -> bytes:
        function = frame[1]
        first, second = struct.unpack(">HH", frame[2:6])
        match function:
            case 0x01:
                body = self._read(first, second)
            case 0x03:
                body = self._registers(first, second)
            case 0x05:
                body = self._write(first, second)
            case 0x0F:
                body = self._write_many(first, second, frame[7:-2])
            case _:
                body = _ILLEGAL_FUNCTION
        if frame[0] == 0:
            return b""  # a broadcast is never answered
        told = bytes([function | 0x80, body]) if isinstance(body, int) else bytes([function]) + body
        reply = bytes([self._address]) + told
        return reply + _check(reply)

    def _read(self, first: int, count: int) -> bytes | int:
        if not 1 <= count <= 2000:
            return _ILLEGAL_VALUE
        if first + count > len(self.coils):
            return _ILLEGAL_ADDRESS
        packed = bytearray((count + 7) // 8)
        for i in range(count):
            packed[i // 8] |= self.coils[first + i] << (i % 8)
        return bytes([len(packed)]) + bytes(packed)

    def _registers(self, first: int, count: int) -> bytes | int:
        values = {0x4000: self._address, 0x8000: _VERSION}
        if not 1 <= count <= 125:
            return _ILLEGAL_VALUE
        if count != 1 or first not in values:
            return _ILLEGAL_ADDRESS
        return struct.pack(">BH", 2, values[first])

    def _write(self, place: int, value: int) -> bytes | int:
        if place >> 8 in (_FLASH_ON, _FLASH_OFF):
            return self._flash(place, value)
        if value not in (_ON, _OFF, _TOGGLE):
            return _ILLEGAL_VALUE
        if place != _ALL and place >= len(self.coils):
            return _ILLEGAL_ADDRESS
        for coil in range(len(self.coils)) if place == _ALL else [place]:
            self._set(coil, not self.coils[coil] if value == _TOGGLE else value == _ON)
        return struct.pack(">HH", place, value)

    def _flash(self, place: int, tenths: int) -> bytes | int:
        coil, on = place & 0xFF, place >> 8 == _FLASH_ON
        if tenths == 0:
            return _ILLEGAL_VALUE
        if coil >= len(self.coils):
            return _ILLEGAL_ADDRESS
        self._set(coil, on)
        self._flashes[coil] = (self._now + tenths * _FLASH_UNIT_S, not on)
        return struct.pack(">HH", place, tenths)

    def _write_many(self, first: int, count: int, data: bytes) -> bytes | int:
        if not 1 <= count <= 1968 or len(data) != (count + 7) // 8:
            return _ILLEGAL_VALUE
        if first + count > len(self.coils):
            return _ILLEGAL_ADDRESS
        for i in range(count):
            self._set(first + i, bool(data[i // 8] >> (i % 8) & 1))
        return struct.pack(">HH", first, count)

    def _set(self, coil: int, on: bool) -> None:
        """Obey a command: it ends a timed contact that runs."""
        self._flashes.pop(coil, None)
        if not self.stuck:
            self._move(coil, on)

    def _move(self, coil: int, on: bool) -> None:
        if self.coils[coil] is not on:
            self.coils[coil] = on
            self._on_change(coil + 1, on)


def _check(data: bytes) -> bytes:
    """CRC-16/MODBUS by long division, as the appendix of the serial line standard describes it."""
    remainder = 0xFFFF
    for byte in data:
        remainder ^= byte
        for _ in range(8):
            carry = remainder & 1
            remainder >>= 1
            if carry:
                remainder ^= 0xA001
    return struct.pack("<H", remainder)
