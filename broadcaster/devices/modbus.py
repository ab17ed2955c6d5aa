"""Modbus RTU frames as pure functions (MODBUS over Serial Line V1.02; Waveshare Modbus RTU Relay manual V2).

Coils count from 0 on the wire.
"""

from __future__ import annotations

from broadcaster.errors import BadReplyError
from broadcaster.words import Sentence

READ_COILS = 0x01
WRITE_COIL = 0x05
_ALL = 0x00FF
_ON, _OFF = 0xFF00, 0x0000


def crc(data: bytes) -> bytes:
    """Return the two check bytes of ``data`` as they stand on the wire (low byte first)."""
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1
    return value.to_bytes(2, "little")


def _frame(address: int, function: int, first: int, second: int) -> bytes:
    body = bytes([address, function]) + first.to_bytes(2, "big") + second.to_bytes(2, "big")
    return body + crc(body)


def write_coil(address: int, coil: int, on: bool) -> bytes:
    """Return the request that switches one coil, ``01 05 00 00 FF 00 8C 3A``."""
    return _frame(address, WRITE_COIL, coil, _ON if on else _OFF)


def write_all_coils(address: int, on: bool) -> bytes:
    """Return the request that switches every coil at once, ``01 05 00 FF 00 00 FD FA``."""
    return _frame(address, WRITE_COIL, _ALL, _ON if on else _OFF)


def read_coils(address: int, count: int) -> bytes:
    """Return the request for the first ``count`` coils, ``01 01 00 00 00 08 3D CC``."""
    return _frame(address, READ_COILS, 0, count)


def is_complete(reply: bytes) -> bool:
    """Tell whether ``reply`` is as long as a reply of its kind is (its check is not looked at)."""
    if len(reply) < 5:
        return False
    if reply[1] & 0x80:
        return True
    return len(reply) >= (5 + reply[2] if reply[1] == READ_COILS else 8)


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


def coils_of(reply: bytes, request: bytes) -> list[bool]:
    """Return the coils of a reply to :func:`read_coils`, the first coil first."""
    body = body_of(reply, request)
    count = int.from_bytes(request[4:6], "big")
    if len(body) != 1 + (count + 7) // 8:
        raise BadReplyError(Sentence("The relay board's answer has the wrong length."))
    return [bool(body[1 + i // 8] >> (i % 8) & 1) for i in range(count)]


def confirm_write(reply: bytes, request: bytes) -> None:
    """Check that ``reply`` repeats the write ``request``, as the protocol wants. Raises ``BadReplyError``."""
    body_of(reply, request)
    if reply != request:
        raise BadReplyError(Sentence("The relay board confirms another command than the one sent."))
