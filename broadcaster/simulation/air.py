"""The simulated 48 kHz sound device, on a Unix stream socket.

Client to device: ``B`` + 1920 bytes (one block of 20 ms, canonical PCM) · ``X`` drop what waits · ``D`` drain:
the stream ends. Device to client, one letter and an unsigned 32-bit number, little endian: ``P`` + blocks of
this connection that have left the buffer so far (dropped ones count) · ``X`` + samples dropped · ``D`` +
underruns of the stream, once its last sample has left. The buffer holds 3 blocks; a client keeps to that.
"""

from __future__ import annotations

import os
import select
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from broadcaster.sockets import listen

_TICK_S = 0.01
_TICK_BYTES = 960
_BLOCK_BYTES = 1920
_BUFFER_BLOCKS = 3
_LATEST_S = 0.02
_QUIET = bytes(_TICK_BYTES)


class Air:
    """One thread ticks like a crystal and hands 10 ms of sound at a time to ``hear`` (silence when none plays)."""

    def __init__(self, path: Path, hear: Callable[[bytes], None]) -> None:
        self._hear = hear
        self._listener = listen(path)
        self._listener.setblocking(False)
        self._client: socket.socket | None = None
        self._input = b""
        self._waiting: deque[bytes] = deque()
        self._half = b""
        self._left = 0
        self._playing = False
        self._draining = False
        self._stream_underruns = 0
        self.underruns = 0
        """Since the device was switched on."""
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sound device", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Switch the device off."""
        self._closing.set()
        self._thread.join(2)
        self._drop_client()
        self._listener.close()

    def _run(self) -> None:
        _be_punctual()
        due = time.monotonic()
        while not self._closing.is_set():
            # a real card does not burst to catch up: a device that was itself late slips its time base
            due = max(due + _TICK_S, time.monotonic() - _LATEST_S)
            while (left := due - time.monotonic()) > 0:
                self._listen(left)
            self._listen(0)
            self._hear(self._next())
            self._answer_drain()

    def _listen(self, wait_s: float) -> None:
        """Take in what arrives within ``wait_s``; a full buffer leaves it in the socket."""
        readers: list[socket.socket] = [self._listener]
        if self._client is not None and len(self._waiting) < 2 * _BUFFER_BLOCKS:
            readers.append(self._client)  # an X must get through while the buffer is full
        ready, _, _ = select.select(readers, [], [], wait_s)
        if self._listener in ready:
            self._drop_client()
            self._client, _ = self._listener.accept()
            self._client.setblocking(False)
            self._left = 0
        elif self._client is not None and self._client in ready:
            self._read(self._client)

    def _read(self, client: socket.socket) -> None:
        try:
            data = client.recv(_BUFFER_BLOCKS * (_BLOCK_BYTES + 1))
        except OSError:
            data = b""
        if not data:
            self._drop_client()
            return
        self._input += data
        while self._input and self._take_message():
            pass

    def _take_message(self) -> bool:
        kind = self._input[:1]
        if kind == b"B":
            if len(self._input) < _BLOCK_BYTES + 1:
                return False
            self._waiting.append(self._input[1 : _BLOCK_BYTES + 1])
            self._input = self._input[_BLOCK_BYTES + 1 :]
            self._playing, self._draining = True, False
            return True
        self._input = self._input[1:]
        if kind == b"X":
            self._drop_waiting()
        elif kind == b"D":
            self._draining = True
        return True

    def _drop_waiting(self) -> None:
        dropped = sum(map(len, self._waiting)) + len(self._half)
        self._left += len(self._waiting)
        self._waiting.clear()
        self._half = b""
        self._playing = False  # until the next block nothing is missing
        self._send(b"X", dropped // 2)
        self._send(b"P", self._left)

    def _next(self) -> bytes:
        if self._half:
            chunk, self._half = self._half, b""
            return chunk
        if self._waiting:
            block = self._waiting.popleft()
            self._left += 1
            self._send(b"P", self._left)
            chunk, self._half = block[:_TICK_BYTES], block[_TICK_BYTES:]
            return chunk
        if self._playing and not self._draining:
            self._stream_underruns += 1
            self.underruns += 1
        return _QUIET

    def _answer_drain(self) -> None:
        if self._draining and not self._waiting and not self._half:
            self._send(b"D", self._stream_underruns)
            self._draining = self._playing = False
            self._stream_underruns = 0

    def _send(self, kind: bytes, number: int) -> None:
        if self._client is not None:
            try:
                self._client.sendall(kind + struct.pack("<I", number))
            except OSError:
                self._drop_client()

    def _drop_client(self) -> None:
        """It is gone; what it had handed over still plays."""
        if self._client is not None:
            self._client.close()
        self._client = None
        self._input = b""
        self._playing = self._draining = False
        self._stream_underruns = 0


def _be_punctual() -> None:
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
    except (OSError, AttributeError):
        pass  # without the right to it, an ordinary thread has to do
