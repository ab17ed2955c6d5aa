"""The simulated 48 kHz sound card, on a Unix stream socket.

Client to device: ``B`` + 1920 bytes (one block of 20 ms, mono s16) · ``X`` drop what waits · ``D`` drain: the
stream ends. Device to client, one letter and an unsigned 32-bit number, little endian: ``P`` + blocks of this
connection that have left the buffer so far (sent when a block begins to play; dropped ones count) · ``X`` +
samples dropped · ``D`` + underruns of the stream (10 ms each), once its last sample has left.

The buffer holds three blocks; a client that sends more is not read meanwhile. The card belongs to one client;
the next one waits until that has hung up.
"""

from __future__ import annotations

import os
import select
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from broadcaster.simulation.buffer import BLOCK_BYTES, Buffer
from broadcaster.sockets import listen

_TICK_S = 0.01
_LATEST_S = 0.02
_LONGEST = 1 + BLOCK_BYTES
_PRIORITY = 10


class Air:
    """One thread ticks like a crystal: every 10 ms it hands 10 ms of sound, or silence, to ``hear``."""

    def __init__(self, path: Path, hear: Callable[[bytes], None]) -> None:
        self._hear = hear
        self._buffer = Buffer()
        self._listener = listen(path)
        self._listener.setblocking(False)
        self._path = path
        self._client: socket.socket | None = None
        self._input = b""
        self._closing = threading.Event()
        self._losing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sound card", daemon=True)
        self._thread.start()

    @property
    def underruns(self) -> int:
        """Pieces of 10 ms that were missing since the card was switched on."""
        return self._buffer.underruns_ever

    def lose_client(self) -> None:
        """Hang up on whoever plays, as a sound card that falls out does."""
        self._losing.set()

    def close(self) -> None:
        """Switch the card off."""
        self._closing.set()
        self._thread.join()
        self._hang_up()
        self._listener.close()
        self._path.unlink(missing_ok=True)

    def _run(self) -> None:
        _be_punctual()
        due = time.monotonic()
        while not self._closing.is_set():
            # a real card does not burst to catch up: one that was itself late slips its time base
            due = max(due + _TICK_S, time.monotonic() - _LATEST_S)
            while (left := due - time.monotonic()) > 0:
                self._listen(left)
            self._tick()

    def _tick(self) -> None:
        if self._losing.is_set():
            self._losing.clear()
            self._hang_up()
        if self._buffer.is_drained:
            self._send(b"D", self._buffer.end_stream())
        before = self._buffer.left
        chunk = self._buffer.next()
        if self._buffer.left > max(before, 0):
            self._send(b"P", self._buffer.left)
        self._hear(chunk)
        self._take_messages()

    def _listen(self, wait_s: float) -> None:
        """Take in what arrives within ``wait_s``; what the buffer has no room for stays in the socket."""
        reader = self._client or self._listener
        readers = [reader] if len(self._input) < _LONGEST else []
        ready, _, _ = select.select(readers, [], [], wait_s)
        if self._listener in ready:
            self._answer_call()
        elif ready and self._client is not None:
            self._read(self._client)

    def _answer_call(self) -> None:
        with suppress(OSError):  # who called may have hung up already
            self._client, _ = self._listener.accept()
            self._client.setblocking(False)
            self._buffer.new_client()

    def _read(self, client: socket.socket) -> None:
        try:
            data = client.recv(_LONGEST)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self._input += data
        if data:
            self._take_messages()
        else:
            self._hang_up()

    def _take_messages(self) -> None:
        while self._input and self._take_message():
            pass

    def _take_message(self) -> bool:
        kind = self._input[:1]
        size = _LONGEST if kind == b"B" else 1
        if len(self._input) < size or (kind == b"B" and not self._buffer.has_room):
            return False
        body, self._input = self._input[1:size], self._input[size:]
        match kind:
            case b"B":
                self._buffer.put(body)
            case b"X":
                self._send(b"X", self._buffer.drop())
                self._send(b"P", max(self._buffer.left, 0))
            case b"D":
                self._buffer.drain()
            case _:
                self._hang_up()  # it speaks another language
        return True

    def _send(self, kind: bytes, number: int) -> None:
        if self._client is not None:
            try:
                self._client.sendall(kind + struct.pack("<I", number))
            except OSError:
                self._hang_up()

    def _hang_up(self) -> None:
        """The client is gone; what it had handed over still plays."""
        if self._client is not None:
            self._client.close()
        self._client = None
        self._input = b""
        self._buffer.new_client()


def _be_punctual() -> None:
    with suppress(OSError, AttributeError):  # without the right to it, an ordinary thread has to do
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(_PRIORITY))
