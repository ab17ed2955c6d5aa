"""Where a simulated device is plugged in: a pseudo-terminal behind a stable name, or a TCP port."""

from __future__ import annotations

import fcntl
import os
import pty
import socket
import tty
from contextlib import suppress
from pathlib import Path
from typing import Protocol


class Jack(Protocol):
    """One end of a cable that can be pulled out."""

    def plug_in(self) -> None: ...
    def pull_out(self) -> None: ...
    def take(self, *, by_another: bool) -> None: ...
    def ends(self) -> list[int]: ...
    def read(self, ready: list[int]) -> bytes: ...
    def write(self, data: bytes) -> None: ...


class PtyJack:
    """``link`` is the stable name of the port."""

    def __init__(self, link: Path) -> None:
        self._link = link
        self._master = self._slave = self._other = -1

    def plug_in(self) -> None:
        """Make a terminal and put it under the name; idempotent."""
        if self._master >= 0:
            return
        self._master, self._slave = pty.openpty()
        os.set_blocking(self._master, False)
        tty.setraw(self._slave)  # or the line would echo what is written to it
        fresh = self._link.with_name(f"{self._link.name}.new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(os.ttyname(self._slave))
        fresh.replace(self._link)

    def pull_out(self) -> None:
        """As a USB adapter goes: the name vanishes, and whoever has it open gets an error."""
        self._link.unlink(missing_ok=True)
        for end in (self._other, self._master, self._slave):
            if end >= 0:
                os.close(end)
        self._master = self._slave = self._other = -1

    def take(self, *, by_another: bool) -> None:
        """Another program has opened the port for itself, or let it go."""
        if by_another and self._other < 0 and self._master >= 0:
            self._other = os.open(os.ttyname(self._slave), os.O_RDWR | os.O_NOCTTY)
            with suppress(OSError):
                fcntl.flock(self._other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        elif not by_another and self._other >= 0:
            os.close(self._other)
            self._other = -1

    def ends(self) -> list[int]:
        """Return what to wait for."""
        return [self._master] if self._master >= 0 else []

    def read(self, ready: list[int]) -> bytes:
        """Return what came, if anything did."""
        if self._master not in ready:
            return b""
        with suppress(OSError):
            return os.read(self._master, 4096)
        return b""

    def write(self, data: bytes) -> None:
        """Nobody reads: a serial line does not wait for that."""
        with suppress(OSError):
            os.write(self._master, data)


class TcpJack:
    """One client at a time, on a port of this machine whose URL stands in the file ``url``."""

    def __init__(self, url: Path, scheme: str) -> None:
        self._url = url
        self._scheme = scheme
        self._listener: socket.socket | None = None
        self._client: socket.socket | None = None
        self._port = 0
        self._taken = False

    def plug_in(self) -> None:
        """Listen, after a replug under the same number; idempotent."""
        if self._listener is not None:
            return
        self._listener = socket.create_server(("127.0.0.1", self._port), backlog=4)
        self._listener.setblocking(False)
        self._port = self._listener.getsockname()[1]
        fresh = self._url.with_suffix(".new")
        fresh.write_text(f"{self._scheme}://127.0.0.1:{self._port}")
        fresh.replace(self._url)

    def pull_out(self) -> None:
        """Hang up and listen no more."""
        for one in (self._client, self._listener):
            if one is not None:
                one.close()
        self._client = self._listener = None

    def take(self, *, by_another: bool) -> None:
        """Another program talks to the device: whoever calls now waits."""
        if by_another and self._client is not None:
            self._client.close()
            self._client = None
        self._taken = by_another

    def ends(self) -> list[int]:
        """Return what to wait for."""
        if self._listener is None or self._taken:
            return []
        return [self._listener.fileno()] + ([self._client.fileno()] if self._client else [])

    def read(self, ready: list[int]) -> bytes:
        """Return what came, if anything did; a new caller takes the line over."""
        if self._listener is not None and self._listener.fileno() in ready:
            with suppress(OSError):
                fresh, _ = self._listener.accept()
                if self._client is not None:
                    self._client.close()
                self._client = fresh
            return b""
        if self._client is not None and self._client.fileno() in ready:
            data = b""
            with suppress(OSError):
                data = self._client.recv(4096)
            if not data:
                self._client.close()
                self._client = None
            return data
        return b""

    def write(self, data: bytes) -> None:
        """Send it to the client, if there is one."""
        if self._client is not None:
            with suppress(OSError):
                self._client.sendall(data)
