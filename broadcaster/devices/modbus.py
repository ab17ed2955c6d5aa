"""Modbus RTU frames as pure functions (MODBUS over Serial Line V1.02; Waveshare Modbus RTU Relay manual V2).

Coils, inputs and registers count from 0 on the wire.
"""

from __future__ import annotations

from broadcaster.errors import BadReplyError
from broadcaster.words import Sentence

READ_COILS = 0x01
READ_INPUTS = 0x02
READ_HOLDING = 0x03
READ_REGISTERS = 0x04
WRITE_COIL = 0x05
WRITE_REGISTER = 0x06
ON, OFF = 0xFF00, 0x0000
INPUT_MODES = 0x1000
"""First register of what each input does to its relay (Waveshare's (D) board); 0 is nothing."""
_ALL = 0x00FF
_FLASH_ON = 0x0200
_TENTHS = 10
_COUNTED = (READ_COILS, READ_INPUTS, READ_HOLDING, READ_REGISTERS)


def crc(data: bytes) -> bytes:
    """Return the two check bytes of ``data`` as they stand on the wire (low byte first)."""
    value = 0xFFFF
    for byte in data:
        value = _TABLE[(value ^ byte) & 0xFF] ^ (value >> 8)
    return value.to_bytes(2, "little")


def frame(address: int, function: int, first: int, second: int) -> bytes:
    """Return a request whose body is two words."""
    body = bytes([address, function]) + first.to_bytes(2, "big") + second.to_bytes(2, "big")
    return body + crc(body)


def write_coil(address: int, coil: int, value: int) -> bytes:
    """Return the request that switches one coil, ``01 05 00 00 FF 00 8C 3A``; clones differ in ``value``."""
    return frame(address, WRITE_COIL, coil, value)


def write_all_coils(address: int, on: bool) -> bytes:
    """Return the request that switches every coil at once, ``01 05 00 FF 00 00 FD FA`` (Waveshare)."""
    return frame(address, WRITE_COIL, _ALL, ON if on else OFF)


def flash_on(address: int, coil: int, seconds: float) -> bytes:
    """Return the request for a contact that opens by itself, ``01 05 02 00 00 07 8D B0`` for 0.7 s (Waveshare)."""
    return frame(address, WRITE_COIL, _FLASH_ON + coil, round(seconds * _TENTHS))


def read_bits(address: int, function: int, first: int, count: int) -> bytes:
    """Return the request for ``count`` coils or inputs, ``01 01 00 00 00 08 3D CC``."""
    return frame(address, function, first, count)


def is_complete(reply: bytes) -> bool:
    """Tell whether ``reply`` is as long as a reply of its kind is (its check is not looked at)."""
    if len(reply) < 5:
        return False
    if reply[1] & 0x80:
        return True
    return len(reply) >= (5 + reply[2] if reply[1] in _COUNTED else 8)


def body_of(reply: bytes, request: bytes) -> bytes:
    """Return what stands between the function code and the check of ``reply``.

    Raises ``BadReplyError`` when the check fails, the reply answers another request, or the device refuses.
    """
    if len(reply) < 5 or crc(reply[:-2]) != reply[-2:]:
        raise BadReplyError(Sentence("The relay board's answer fails its check: look at the cable."))
    if reply[0] != request[0] or reply[1] & 0x7F != request[1]:
        raise BadReplyError(Sentence("Another device than the relay board answers: check the addresses."))
    if reply[1] & 0x80:
        raise BadReplyError(Sentence("The relay board refuses the command (code {code}).", code=reply[2]))
    return reply[2:-2]


def bits_of(reply: bytes, request: bytes) -> list[bool]:
    """Return the bits of a reply to :func:`read_bits`, the first one first. Raises ``BadReplyError``."""
    body = body_of(reply, request)
    count = int.from_bytes(request[4:6], "big")
    if len(body) != 1 + (count + 7) // 8 or body[0] != len(body) - 1:
        raise BadReplyError(Sentence("The relay board's answer has the wrong length."))
    return [bool(body[1 + i // 8] >> (i % 8) & 1) for i in range(count)]


def word_of(reply: bytes, request: bytes) -> int:
    """Return the one register of a reply to a request for one. Raises ``BadReplyError``."""
    body = body_of(reply, request)
    if len(body) != 3:
        raise BadReplyError(Sentence("The relay board's answer has the wrong length."))
    return int.from_bytes(body[1:3], "big")


def confirm_write(reply: bytes, request: bytes) -> None:
    """Check that ``reply`` repeats the write ``request``, as the protocol wants. Raises ``BadReplyError``."""
    body_of(reply, request)
    if reply != request:
        raise BadReplyError(Sentence("The relay board confirms another command than the one sent."))


def _rest(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ 0xA001 if byte & 1 else byte >> 1
    return byte


_TABLE = [_rest(byte) for byte in range(256)]
