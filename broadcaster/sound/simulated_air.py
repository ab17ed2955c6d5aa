"""The simulated sound card: a Unix stream socket that takes blocks at the pace of a real one.

Client to device:

=====================  ==========================================================================
``B`` + 1920 bytes     one block: 20 ms of canonical PCM
``X``                  drop what waits
``D``                  drain: the stream ends
=====================  ==========================================================================

Device to client, one type byte and an unsigned 32-bit number ``n``, little endian:

=====================  ==========================================================================
``P`` n                n blocks of this connection have left the buffer so far; their room is free
``X`` n                answer to ``X``: n samples were dropped; all blocks sent before are gone
``D`` n                answer to ``D``, once the last sample has left: n underruns in the stream
=====================  ==========================================================================

The device's buffer holds three blocks; a client never has more than three that have not left it.
"""

from __future__ import annotations

import select
import socket
import struct
import threading
import time
from pathlib import Path

from broadcaster.errors import OutputError
from broadcaster.model.pcm import BLOCK_BYTES
from broadcaster.sockets import connect
from broadcaster.words import Sentence

BUFFER_BLOCKS = 3
_MESSAGE = struct.Struct("<cI")


class SimulatedAir:
    """See ``interface.AudioOutput``. Connects with the first block, and again after an error.

    One thread plays, stops and drains; :meth:`wake` may be called from any. It interrupts a :meth:`play`
    that waits at that moment, and does nothing otherwise.
    """

    def __init__(self, path: Path, within_s: float = 2.0) -> None:
        """``within_s`` is how long the device may take to answer, or to make room."""
        self._path = path
        self._within_s = within_s
        self._line: socket.socket | None = None
        self._sent = 0
        self._left = 0
        self._answers: dict[bytes, int] = {}
        self._received = b""
        self._bell, self._rope = socket.socketpair()
        self._lock = threading.Lock()
        self._waiting = False

    def play(self, block: bytes) -> bool:
        if len(block) != BLOCK_BYTES:
            raise ValueError(f"a block has {BLOCK_BYTES} bytes, not {len(block)}")
        line = self._line or self._connect()
        give_up = time.monotonic() + self._within_s
        while self._sent - self._left >= BUFFER_BLOCKS:
            if self._interrupted(line, give_up):
                return False
        self._send(line, b"B" + block)
        self._sent += 1
        return True

    def stop(self) -> int:
        if self._line is None:
            return 0
        dropped = self._ask(self._line, b"X")
        self._left = self._sent
        return dropped

    def drain(self) -> int:
        if self._line is None:
            return 0
        underruns = self._ask(self._line, b"D")
        self._left = self._sent
        return underruns

    def wake(self) -> None:
        with self._lock:
            if self._waiting:
                self._rope.send(b"!")

    def close(self) -> None:
        """Hang up for good."""
        self._hang_up()
        self._bell.close()
        self._rope.close()

    def _connect(self) -> socket.socket:
        try:
            line = connect(self._path, self._within_s)
        except OSError as error:
            raise OutputError(
                Sentence("The simulated sound output is not there. Start the simulator with: make run")
            ) from error
        self._line = line
        self._sent = self._left = 0
        self._answers, self._received = {}, b""
        return line

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def _send(self, line: socket.socket, message: bytes) -> None:
        try:
            line.sendall(message)
        except OSError as error:
            raise self._gone() from error

    def _ask(self, line: socket.socket, question: bytes) -> int:
        self._send(line, question)
        give_up = time.monotonic() + self._within_s
        while question not in self._answers:
            self._await([line], give_up)
            self._receive(line)
        return self._answers.pop(question)

    def _interrupted(self, line: socket.socket, give_up: float) -> bool:
        """Wait for news of the device, or for the bell: then return True."""
        with self._lock:
            self._waiting = True
        try:
            ready = self._await([line, self._bell], give_up)
        finally:
            with self._lock:
                self._waiting = False
        if line in ready:
            self._receive(line)
        if self._bell in ready:
            self._bell.recv(64)
            return True
        return False

    def _await(self, lines: list[socket.socket], give_up: float) -> list[socket.socket]:
        ready, _, _ = select.select(lines, [], [], max(0.0, give_up - time.monotonic()))
        if not ready:
            raise self._gone()
        return ready

    def _receive(self, line: socket.socket) -> None:
        try:
            news = line.recv(4096)
        except OSError as error:
            raise self._gone() from error
        if not news:
            raise self._gone()
        self._received += news
        while len(self._received) >= _MESSAGE.size:
            kind, number = _MESSAGE.unpack_from(self._received)
            self._received = self._received[_MESSAGE.size :]
            if kind == b"P":
                self._left = max(self._left, number)
            else:
                self._answers[kind] = number

    def _gone(self) -> OutputError:
        self._hang_up()
        return OutputError(
            Sentence("The simulated sound output does not answer. Start the simulator again with: make run")
        )
