"""Byte models of what keys a transmitter other than a relay: a modem line behind RFC 2217, and a rig's control."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import serial
import serial.rfc2217


class ModemLine:
    """A serial device server, pyserial's own, whose RTS or DTR keys. A client that goes leaves the lines."""

    next_due = None
    pending = False

    def __init__(self, on_change: Callable[[bool], None], *, line: str, keyed_high: bool) -> None:
        self.stuck = False
        self._on_change = on_change
        self._line = line
        self._keyed_high = keyed_high
        self._keyed = False
        self._told = bytearray()
        self.power_off()

    def feed(self, data: bytes) -> bytes:
        """Take in Telnet bytes; return what the server says."""
        self._told.clear()
        if b"\xff\xfa" not in data and b"\xff\xfd\x2c" in data:  # a client says hello
            self._manager = self._greet()
        try:
            for _ in self._manager.filter(data):
                pass
        except (TypeError, ValueError, LookupError):  # half a command, after power was gone
            self._manager = self._greet()
        self._look()
        return bytes(self._told)

    def write(self, data: bytes) -> None:
        """Called by the port manager with what goes back."""
        self._told += data

    def pause(self) -> None:
        """Telnet knows no pauses."""

    def tick(self, now: float) -> bytes:  # noqa: ARG002 - nothing happens by itself
        return b""

    def power_off(self) -> None:
        """Both lines rest where they do not key."""
        self._port = serial.serial_for_url("loop://", do_not_open=True)
        rest = not self._keyed_high
        self._port.dtr = self._port.rts = rest
        self._port.open()
        self._manager = self._greet()
        self._look()

    def _greet(self) -> Any:
        server: Any = serial.rfc2217.PortManager  # its types name one kind of port only
        return server(self._port, self)

    def _look(self) -> None:
        high = bool(getattr(self._port, self._line))
        keyed = high is self._keyed_high
        if keyed is not self._keyed and not self.stuck:
            self._keyed = keyed
            self._on_change(keyed)


class Rig:
    """A rig behind Hamlib's ``rigctld``: ``T 1``, ``T 0``, ``t``. It goes on transmitting when its client is gone."""

    next_due = None

    def __init__(self, on_change: Callable[[bool], None]) -> None:
        self.stuck = False
        self._on_change = on_change
        self._talks = False
        self._buffer = b""

    @property
    def pending(self) -> bool:
        """A line that has not ended waits for its end, however long."""
        return False

    def feed(self, data: bytes) -> bytes:
        """Take in lines; return the answers."""
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        return b"".join(self._answer(line.split()) for line in lines)

    def pause(self) -> None:
        """The client is gone, or silent."""
        self._buffer = b""

    def tick(self, now: float) -> bytes:  # noqa: ARG002 - nothing happens by itself
        return b""

    def power_off(self) -> None:
        """No power, no carrier."""
        self._set(False)

    def _answer(self, words: list[bytes]) -> bytes:
        match words:
            case [b"t"]:
                return b"%d\n" % self._talks
            case [b"T", (b"0" | b"1") as on]:
                if not self.stuck:
                    self._set(on == b"1")
                return b"RPRT 0\n"
            case []:
                return b""
        return b"RPRT -1\n"

    def _set(self, on: bool) -> None:
        if on is not self._talks:
            self._talks = on
            self._on_change(on)
