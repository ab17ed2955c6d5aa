"""UECP frames and message elements as pure functions (RDS Forum SPB 490, v7.05).

A frame is ``FE | ADD(2) SQC(1) MFL(1) MSG CRC(2) | FF`` with FD, FE, FF between the ends stuffed as ``FD 00``,
``FD 01``, ``FD 02`` after the check was made. One element a frame: cheap encoders take no more.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass

from broadcaster.errors import BadReplyError
from broadcaster.words import Sentence

_START, _END, _STUFF = 0xFE, 0xFF, 0xFD
_ACKNOWLEDGE = 0x18
_MAIN = b"\x00\x00"  # data set number: current; programme service number: main
_REASONS = {
    1: "CRC",
    2: "not received",
    3: "unknown element",
    4: "DSN",
    5: "PSN",
    6: "parameter out of range",
    7: "element length",
    8: "field length",
    9: "not acceptable",
    10: "end missing",
    11: "buffer overflow",
    12: "stuffing",
    13: "unexpected end",
}


@dataclass(frozen=True)
class Frame:
    """A decoded frame: ``address`` is site (10 bits) and encoder (6 bits), ``message`` its elements."""

    address: int
    sequence: int
    message: bytes


def frame(message: bytes, *, address: int = 0, sequence: int = 0) -> bytes:
    """Return ``message`` (at most 255 bytes) as it stands on the wire."""
    body = address.to_bytes(2, "big") + bytes([sequence, len(message)]) + message
    body += (binascii.crc_hqx(body, 0xFFFF) ^ 0xFFFF).to_bytes(2, "big")
    stuffed = b"".join(bytes([_STUFF, byte - _STUFF]) if byte >= _STUFF else bytes([byte]) for byte in body)
    return bytes([_START]) + stuffed + bytes([_END])


def unframe(data: bytes) -> Frame:
    """Return the last whole frame in ``data``, whatever noise stands before it. Raises ``BadReplyError``."""
    end = data.rfind(_END)
    start = data.rfind(_START, 0, max(end, 0))
    body = _unstuffed(data[start + 1 : end]) if 0 <= start < end else b""
    if len(body) < 6 or (binascii.crc_hqx(body[:-2], 0xFFFF) ^ 0xFFFF).to_bytes(2, "big") != body[-2:]:
        raise BadReplyError(Sentence("The RDS encoder's answer fails its check: look at the cable."))
    if body[3] != len(body) - 6:
        raise BadReplyError(Sentence("The RDS encoder's answer has the wrong length."))
    return Frame(int.from_bytes(body[:2], "big"), body[2], body[4:-2])


def is_complete(data: bytes) -> bool:
    """Tell whether a frame has ended in ``data``."""
    start = data.find(_START)
    return start >= 0 and data.find(_END, start) > 0


def confirm(reply: bytes, request: bytes) -> None:
    """Check that ``reply`` acknowledges ``request``. Raises ``BadReplyError`` with the encoder's reason.

    An acknowledgement has one or two data bytes, depending on the maker: the code, and of a fault the sequence.
    """
    asked, told = unframe(request), unframe(reply)
    if not told.message or told.message[0] != _ACKNOWLEDGE or len(told.message) not in (2, 3):
        raise BadReplyError(Sentence("The RDS encoder answers something else than it was asked."))
    if asked.sequence not in (told.sequence, *told.message[2:]):
        raise BadReplyError(Sentence("The RDS encoder answers an earlier command."))
    if (code := told.message[1]) != 0:
        why = _REASONS.get(code, str(code))
        raise BadReplyError(Sentence("The RDS encoder refuses the command ({why}).", why=why))


def pi(value: int) -> bytes:
    """Return element 01, programme identification."""
    return b"\x01" + _MAIN + value.to_bytes(2, "big")


def ps(text: str) -> bytes:
    """Return element 02, programme service name: 8 characters."""
    return b"\x02" + _MAIN + text.ljust(8)[:8].encode("ascii")


def ta_tp(*, ta: bool, tp: bool) -> bytes:
    """Return element 03, traffic announcement and programme."""
    return b"\x03" + _MAIN + bytes([tp << 1 | ta])


def pty(value: int) -> bytes:
    """Return element 07, programme type; 30 is alarm test, 31 alarm."""
    return b"\x07" + _MAIN + bytes([value])


def radiotext(text: str) -> bytes:
    """Return element 0A: the text ends with a carriage return when it is shorter than 64."""
    told = text.encode("ascii") + (b"\r" if len(text) < 64 else b"")
    return b"\x0a" + _MAIN + bytes([len(told) + 1, 0]) + told


def free_format(group: int, tail: int, third: int, fourth: int, *, buffer: int = 0x40) -> bytes:
    """Return element 24: one group, ``group`` being type × 2 + version, ``tail`` the 5 bits of block 2."""
    return b"\x24" + bytes([group, buffer | tail]) + third.to_bytes(2, "big") + fourth.to_bytes(2, "big")


def oda_configuration(group: int, aid: int, message: int = 0) -> bytes:
    """Return element 40: the application ``aid`` stands in ``group``; announced in 3A."""
    return b"\x40" + bytes([group]) + aid.to_bytes(2, "big") + b"\x00" + message.to_bytes(2, "big") + b"\x00"


def oda_free_format(group: int, tail: int, third: int, fourth: int) -> bytes:
    """Return element 42: one group of an open data application, sent once."""
    return b"\x42" + bytes([group, 0, tail]) + third.to_bytes(2, "big") + fourth.to_bytes(2, "big")


def oda_data(aid: int, tail: int, third: int, fourth: int) -> bytes:
    """Return element 46: data of the application ``aid`` for a group of version A."""
    data = aid.to_bytes(2, "big") + bytes([2, tail]) + third.to_bytes(2, "big") + fourth.to_bytes(2, "big")
    return b"\x46" + bytes([len(data)]) + data


def _unstuffed(data: bytes) -> bytes:
    whole, rest = bytearray(), iter(data)
    for byte in rest:
        if byte != _STUFF:
            whole.append(byte)
        elif (code := next(rest, _STUFF)) <= _END - _STUFF:
            whole.append(_STUFF + code)
        else:
            return b""
    return bytes(whole)
