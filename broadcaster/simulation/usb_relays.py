"""Byte models of USB relay boards without a check on the wire, written from what their makers publish."""

from __future__ import annotations

from collections.abc import Callable


class UsbRelays:
    """What both kinds share; ``on_change(channel, on)`` is told of each contact that moves."""

    next_due = None

    def __init__(self, on_change: Callable[[int, bool], None], *, channels: int, answers: bool) -> None:
        self.coils = [False] * channels
        self.stuck = False
        self.welded = False
        self._answers = answers
        self._on_change = on_change
        self._contacts = [False] * channels
        self._buffer = b""

    @property
    def pending(self) -> bool:
        """True while bytes wait that are no whole command yet."""
        return bool(self._buffer)

    def pause(self) -> None:
        """Half a command is none."""
        self._buffer = b""

    def tick(self, now: float) -> bytes:  # noqa: ARG002 - nothing happens by itself
        return b""

    def power_off(self) -> None:
        """All contacts fall open, but for a welded one."""
        self._buffer = b""
        for channel in range(1, len(self.coils) + 1):
            self._move(channel, False)

    def _switch(self, channel: int, on: bool) -> None:
        if 1 <= channel <= len(self.coils) and not self.stuck:
            self._move(channel, on)

    def _move(self, channel: int, on: bool) -> None:
        self.coils[channel - 1] = on
        if self._contacts[channel - 1] is not on and not (self.welded and not on):
            self._contacts[channel - 1] = on
            self._on_change(channel, on)


class Lcus(UsbRelays):
    """LCUS-1 … 8: ``A0 channel op sum``; some tell their state in words when they get ``FF``."""

    def feed(self, data: bytes) -> bytes:
        """Take in bytes; return what the board answers."""
        self._buffer += data
        told = b""
        while self._buffer:
            if self._buffer[0] == 0xFF:
                self._buffer = self._buffer[1:]
                told += self._status() if self._answers else b""
            elif self._buffer[0] != 0xA0:
                self._buffer = self._buffer[1:]
            elif len(self._buffer) < 4:
                break
            else:
                start, channel, op, check = self._buffer[:4]
                self._buffer = self._buffer[4:]
                if (start + channel + op) % 256 == check and op in (0, 1):
                    self._switch(channel, op == 1)
        return told

    def _status(self) -> bytes:
        return b"".join(
            b"CH%d: %s\r\n" % (channel, b"ON" if on else b"OFF") for channel, on in enumerate(self.coils, 1)
        )


class Kmtronic(UsbRelays):
    """KMTronic: ``FF channel 00/01``; ``FF channel 03`` asks for one, ``FF 09 00`` for all."""

    def feed(self, data: bytes) -> bytes:
        """Take in bytes; return what the board answers."""
        self._buffer += data
        told = b""
        while self._buffer:
            if self._buffer[0] != 0xFF:
                self._buffer = self._buffer[1:]
                continue
            if len(self._buffer) < 3:
                break
            _, channel, op = self._buffer[:3]
            self._buffer = self._buffer[3:]
            if op == 3 and self._answers and 1 <= channel <= len(self.coils):
                told += bytes([0xFF, channel, self.coils[channel - 1]])
            elif (channel, op) == (9, 0) and self._answers:
                told += bytes(self.coils)
            elif op in (0, 1):
                self._switch(channel, op == 1)
        return told
