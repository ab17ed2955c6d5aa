"""Byte model of an RDS encoder's UECP side (SPB 490): frames, stuffing, acknowledgements."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from broadcaster.simulation.rds_encoder import Blocks, RdsEncoder

_OK, _CHECK, _UNKNOWN, _LENGTH, _OVERFLOW = 0, 1, 3, 7, 11


class UecpRds(RdsEncoder):
    """Takes one element a frame, as the cheap ones do."""

    def __init__(self, on_group: Callable[[Blocks], None], *, share: float, acknowledges: bool) -> None:
        super().__init__(on_group, share=share)
        self._acknowledges = acknowledges

    def feed(self, data: bytes) -> bytes:
        """Take in bytes; return the acknowledgements of the frames among them."""
        self._buffer += data
        told = b""
        while (start := self._buffer.find(b"\xfe")) >= 0 and (end := self._buffer.find(b"\xff", start)) >= 0:
            raw, self._buffer = self._buffer[start + 1 : end], self._buffer[end + 1 :]
            told += self._take(_plain(raw[raw.rfind(b"\xfe") + 1 :]))
        return told if self._acknowledges else b""

    def _take(self, body: bytes) -> bytes:
        if len(body) < 6:
            return b""
        sequence, message = body[2], body[4:-2]
        if _remainder(body[:-2]) != int.from_bytes(body[-2:], "big"):
            return _acknowledgement(sequence, _CHECK)
        if body[3] != len(message) or not message:
            return _acknowledgement(sequence, _LENGTH)
        with suppress(IndexError):
            return _acknowledgement(sequence, self._obey(message[0], message[1:]))
        return _acknowledgement(sequence, _LENGTH)

    def _obey(self, element: int, data: bytes) -> int:
        match element:
            case 0x01:
                self.pi = data[2] << 8 | data[3]
            case 0x02:
                self.ps = data[2:10].decode("latin-1").ljust(8)
            case 0x03:
                self.tp, self.ta = data[2] >> 1 & 1, data[2] & 1
            case 0x07:
                self.pty = data[2] & 31
            case 0x0A:
                self.text = data[4 : 3 + data[2]].decode("latin-1").partition("\r")[0]
            case 0x24:
                return self._free_group(data[0], data[1], data[2:6])
            case 0x40:
                self._announced = (data[0], data[4] << 8 | data[5], data[1] << 8 | data[2])
            case 0x42:
                return self._free_group(data[0], data[2], data[3:7])
            case 0x46:
                if self._announced is None:
                    return _UNKNOWN
                return self._free_group(self._announced[0], data[4], data[5:9])
            case _:
                return _UNKNOWN
        return _OK

    def _free_group(self, group: int, tail: int, rest: bytes) -> int:
        if len(rest) != 4:
            return _LENGTH
        second = group << 11 | tail & 31
        taken = self._send(second, rest[0] << 8 | rest[1], rest[2] << 8 | rest[3])
        return _OK if taken else _OVERFLOW


def _acknowledgement(sequence: int, code: int) -> bytes:
    message = bytes([0x18, code]) if code == _OK else bytes([0x18, code, sequence])
    body = bytes([0, 0, sequence, len(message)]) + message
    body += _remainder(body).to_bytes(2, "big")
    for byte in (0xFD, 0xFE, 0xFF):
        body = body.replace(bytes([byte]), bytes([0xFD, byte - 0xFD]))
    return b"\xfe" + body + b"\xff"


def _plain(raw: bytes) -> bytes:
    whole = bytearray()
    at = 0
    while at < len(raw):
        escaped = raw[at] == 0xFD and at + 1 < len(raw)
        whole.append((0xFD + raw[at + 1]) & 0xFF if escaped else raw[at])
        at += 2 if escaped else 1
    return bytes(whole)


def _remainder(data: bytes) -> int:
    """CRC-16/GENIBUS by long division."""
    remainder = 0xFFFF
    for byte in data:
        remainder ^= byte << 8
        for _ in range(8):
            remainder = (remainder << 1 ^ (0x1021 if remainder & 0x8000 else 0)) & 0xFFFF
    return remainder ^ 0xFFFF
