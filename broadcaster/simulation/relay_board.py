"""Byte model of a Waveshare Modbus RTU Relay board, written from its manual (protocol V2) and not from our driver.

Coils count from 0 on the wire, channels from 1 in what it tells.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

_VERSION = 200  # V2.00
_ALL = 0x00FF
_FLASH_ON, _FLASH_OFF = 0x02, 0x04
_ILLEGAL_FUNCTION, _ILLEGAL_ADDRESS, _ILLEGAL_VALUE = 1, 2, 3


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
                del self._flashes[coil]
                self._set(coil, then)

    def power_off(self) -> None:
        """All contacts fall open."""
        self._buffer = b""
        self._flashes.clear()
        for coil in range(len(self.coils)):
            self._move(coil, False)

    def _next_frame(self) -> bytes | None:
        """Cut the first sound frame out of the buffer, dropping noise before it."""
        while len(self._buffer) >= 8:
            length = 9 + self._buffer[6] if self._buffer[1] == 0x0F else 8
            if len(self._buffer) < length:
                return None
            frame = self._buffer[:length]
            if _check(frame[:-2]) == frame[-2:] and frame[0] in (0, self._address):
                self._buffer = self._buffer[length:]
                return frame
            self._buffer = self._buffer[1:]
        return None

    def _answer(self, frame: bytes) -> bytes:
        function = frame[1]
        first, second = struct.unpack(">HH", frame[2:6])
        handlers = {0x01: self._read, 0x05: self._write, 0x0F: self._write_many, 0x03: self._registers}
        handler = handlers.get(function)
        body = handler(first, second, frame) if handler else _ILLEGAL_FUNCTION
        if frame[0] == 0:
            return b""  # a broadcast is never answered
        if isinstance(body, int):
            body = bytes([function | 0x80, body])
        reply = bytes([self._address]) + body
        return reply + _check(reply)

    def _read(self, first: int, count: int, _: bytes) -> bytes | int:
        if count == 0 or first + count > len(self.coils):
            return _ILLEGAL_ADDRESS
        packed = bytearray((count + 7) // 8)
        for i in range(count):
            packed[i // 8] |= self.coils[first + i] << (i % 8)
        return bytes([0x01, len(packed)]) + bytes(packed)

    def _write(self, place: int, value: int, frame: bytes) -> bytes | int:
        kind, coil = place >> 8, place & 0xFF
        if kind in (_FLASH_ON, _FLASH_OFF):
            if coil >= len(self.coils):
                return _ILLEGAL_ADDRESS
            on = kind == _FLASH_ON
            self._set(coil, on)
            self._flashes[coil] = (self._now + value * 0.1, not on)
            return frame[1:6]
        if value not in (0xFF00, 0x0000, 0x5500):
            return _ILLEGAL_VALUE
        if place != _ALL and place >= len(self.coils):
            return _ILLEGAL_ADDRESS
        for one in range(len(self.coils)) if place == _ALL else [place]:
            self._flashes.pop(one, None)
            self._set(one, not self.coils[one] if value == 0x5500 else value == 0xFF00)
        return frame[1:6]

    def _write_many(self, first: int, count: int, frame: bytes) -> bytes | int:
        if count == 0 or first + count > len(self.coils):
            return _ILLEGAL_ADDRESS
        if frame[6] != (count + 7) // 8:
            return _ILLEGAL_VALUE
        for i in range(count):
            self._set(first + i, bool(frame[7 + i // 8] >> (i % 8) & 1))
        return frame[1:6]

    def _registers(self, first: int, count: int, _: bytes) -> bytes | int:
        values = {0x4000: self._address, 0x8000: _VERSION}
        if count != 1 or first not in values:
            return _ILLEGAL_ADDRESS
        return bytes([0x03, 2]) + struct.pack(">H", values[first])

    def _set(self, coil: int, on: bool) -> None:
        if not self.stuck:
            self._move(coil, on)

    def _move(self, coil: int, on: bool) -> None:
        if self.coils[coil] is not on:
            self.coils[coil] = on
            self._on_change(coil + 1, on)


def _check(data: bytes) -> bytes:
    """CRC-16/MODBUS by table-free long division, as the standard's appendix describes it."""
    remainder = 0xFFFF
    for byte in data:
        remainder ^= byte
        for _ in range(8):
            carry = remainder & 1
            remainder >>= 1
            if carry:
                remainder ^= 0xA001
    return struct.pack("<H", remainder)
