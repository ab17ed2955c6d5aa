"""Where the sound of the monitor receiver comes from: a sound card's input, or the simulated receiver."""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from broadcaster.config.settings import Settings
from broadcaster.errors import InputError
from broadcaster.home import Home
from broadcaster.sockets import connect
from broadcaster.sound.off_air.card_receiver import CardReceiver
from broadcaster.words import Sentence


class Receiver(Protocol):
    """A source of canonical PCM that nobody can hold up."""

    def take(self) -> bytes:
        """Return what has come since the last call, at once. Raises ``InputError`` when the input is gone."""

    def close(self) -> None:
        """Let go of it; the next :meth:`take` opens it again."""


def receiver(settings: Settings, home: Home) -> Receiver | None:
    """Return the configured receiver; ``None`` when there is none."""
    match settings.monitor.input:
        case "simulated":
            return SimulatedReceiver(home.run / "receiver.sock")
        case "card":
            return CardReceiver(settings.monitor.device)
    return None


class SimulatedReceiver:
    """A Unix stream socket that hands out PCM as it is heard."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._line: socket.socket | None = None

    def take(self) -> bytes:
        heard = bytearray()
        try:
            line = self._line or self._connect()
            with suppress(BlockingIOError):
                while piece := line.recv(65536):
                    heard += piece
                raise ConnectionResetError
        except OSError as error:
            self.close()
            raise InputError(Sentence("The simulated monitor receiver does not answer.")) from error
        return bytes(heard)

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None

    def _connect(self) -> socket.socket:
        self._line = connect(self._path, 1.0)
        self._line.setblocking(False)
        return self._line
