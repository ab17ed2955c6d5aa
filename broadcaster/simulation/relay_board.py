"""Byte model of a Modbus relay board, written from the manual of Waveshare's (protocol V2), not from a driver.

Functions 01 (coils), 02 (inputs), 03 and 06 (settings), 04 (readings), 05 (write one coil), 0F (write several).
Coils count from 0 on the wire, channels from 1 in what it tells. Clones differ in addresses and values.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

_VERSION = 200  # V2.00
_ALL = 0x00FF
_FLASH_ON, _FLASH_OFF, _FLASH_UNIT_S = 0x02, 0x04, 0.1
_ON, _OFF, _TOGGLE = 0xFF00, 0x0000, 0x5500
_ILLEGAL_FUNCTION, _ILLEGAL_ADDRESS, _ILLEGAL_VALUE = 1, 2, 3
_SHORTEST, _LONGEST = 8, 264
_LINKS = 0x1000


@dataclass(frozen=True)
class Make:
    """What makers do in their own ways."""

    first_coil: int = 0
    first_input: int = 0
    on_value: int = _ON
    off_value: int = _OFF
    waveshare: bool = True
    """All-coils address, timed contacts."""


class RelayBoard:
    """Bytes in, bytes out; ``on_change(channel, on)`` is told of each contact that moves."""

    def __init__(
        self,
        on_change: Callable[[int, bool], None],
        *,
        channels: int = 8,
        address: int = 1,
        make: Make | None = None,
        inputs: int = 0,
        meters: Iterable[int] = (),
    ) -> None:
        """``meters``: addresses on the same bus that answer for the readings."""
        self.coils = [False] * channels
        self.inputs = [False] * inputs
        self.readings: dict[int, int] = {}
        """Input registers by number."""
        self.linked = [bool(inputs)] * inputs
        """As the (D) model comes from the factory: an input that closes toggles the relay of its number."""
        self.stuck = False
        self.welded = False
        """Contacts that stay closed although the board believes them open."""
        self.prolongs = True
        """Whether a timed contact that runs is prolonged by a new command; boards differ."""
        self._make = make or Make()
        self._on_change = on_change
        self._contacts = [False] * channels
        self._address = address
        self._meters = frozenset(meters) - {address}
        self._buffer = b""
        self._flashes: dict[int, tuple[float, bool]] = {}
        self._now = 0.0

    @property
    def pending(self) -> bool:
        """True while bytes wait that are no whole frame yet."""
        return bool(self._buffer)

    @property
    def next_due(self) -> float | None:
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

    def close_input(self, number: int, closed: bool) -> None:
        """A contact on an input, counted from 1, closes or opens."""
        was, self.inputs[number - 1] = self.inputs[number - 1], closed
        if closed and not was and self.linked[number - 1] and number <= len(self.coils):
            self._set(number - 1, not self.coils[number - 1])

    def tick(self, now: float) -> bytes:
        """End the timed contacts whose time is over; ``now`` is in seconds of any steady clock."""
        self._now = now
        for coil, (until, then) in list(self._flashes.items()):
            if now >= until:
                del self._flashes[coil]
                self._set(coil, then)
        return b""

    def power_off(self) -> None:
        """All contacts fall open, but for a welded one."""
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
        if self._buffer[start] not in {0, self._address} | self._meters:
            return b""
        variable = self._buffer[start + 1] in (0x0F, 0x10)
        length = 9 + self._buffer[start + 6] if variable else _SHORTEST
        frame = self._buffer[start : start + length]
        return frame if len(frame) == length and _check(frame[:-2]) == frame[-2:] else b""

    def _answer(self, frame: bytes) -> bytes:
        function = frame[1]
        first, second = struct.unpack(">HH", frame[2:6])
        if frame[0] in self._meters:
            return self._told(
                frame[0], function, self._reading(first, second) if function == 0x04 else _ILLEGAL_FUNCTION
            )
        match function:
            case 0x01:
                body = _bits(self.coils, first - self._make.first_coil, second)
            case 0x02:
                body = _bits(self.inputs, first - self._make.first_input, second)
            case 0x04:
                body = self._reading(first, second)
            case 0x06:
                body = self._link(first, second)
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
        return self._told(self._address, function, body)

    @staticmethod
    def _told(address: int, function: int, body: bytes | int) -> bytes:
        told = bytes([function | 0x80, body]) if isinstance(body, int) else bytes([function]) + body
        reply = bytes([address]) + told
        return reply + _check(reply)

    def _registers(self, first: int, count: int) -> bytes | int:
        values = {0x4000: self._address, 0x8000: _VERSION}
        values |= {_LINKS + number: int(linked) for number, linked in enumerate(self.linked)}
        if not 1 <= count <= 125:
            return _ILLEGAL_VALUE
        if any(first + i not in values for i in range(count)):
            return _ILLEGAL_ADDRESS
        return bytes([2 * count]) + b"".join(struct.pack(">H", values[first + i]) for i in range(count))

    def _reading(self, first: int, count: int) -> bytes | int:
        if count != 1 or first not in self.readings:
            return _ILLEGAL_ADDRESS
        return struct.pack(">BH", 2, self.readings[first])

    def _link(self, place: int, value: int) -> bytes | int:
        if not 0 <= place - _LINKS < len(self.linked):
            return _ILLEGAL_ADDRESS
        self.linked[place - _LINKS] = value != 0
        return struct.pack(">HH", place, value)

    def _write(self, place: int, value: int) -> bytes | int:
        make = self._make
        if make.waveshare and place >> 8 in (_FLASH_ON, _FLASH_OFF):
            return self._flash(place, value)
        if value not in (make.on_value, make.off_value, _TOGGLE):
            return _ILLEGAL_VALUE
        every = make.waveshare and place == _ALL
        if not every and not 0 <= place - make.first_coil < len(self.coils):
            return _ILLEGAL_ADDRESS
        for coil in range(len(self.coils)) if every else [place - make.first_coil]:
            self._set(coil, not self.coils[coil] if value == _TOGGLE else value == make.on_value)
        return struct.pack(">HH", place, value)

    def _flash(self, place: int, tenths: int) -> bytes | int:
        coil, on = place & 0xFF, place >> 8 == _FLASH_ON
        if tenths == 0:
            return _ILLEGAL_VALUE
        if coil >= len(self.coils):
            return _ILLEGAL_ADDRESS
        if coil in self._flashes and not self.prolongs:
            return struct.pack(">HH", place, tenths)
        self._set(coil, on)
        if not self.stuck:
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
        if not self.stuck:
            self._flashes.pop(coil, None)
            self._move(coil, on)

    def _move(self, coil: int, on: bool) -> None:
        self.coils[coil] = on
        if self._contacts[coil] is not on and not (self.welded and not on):
            self._contacts[coil] = on
            self._on_change(coil + 1, on)


def _bits(states: Sequence[bool], first: int, count: int) -> bytes | int:
    if not 1 <= count <= 2000:
        return _ILLEGAL_VALUE
    if first < 0 or first + count > len(states):
        return _ILLEGAL_ADDRESS
    packed = bytearray((count + 7) // 8)
    for i in range(count):
        packed[i // 8] |= states[first + i] << (i % 8)
    return bytes([len(packed)]) + bytes(packed)


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
