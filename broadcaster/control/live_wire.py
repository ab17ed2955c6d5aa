"""Between the pages and the daemon while somebody speaks: ``run/live.sock``, a Unix stream.

First one JSON line each way, as on the control socket (the daemon's yes or no). Then, page to daemon, messages of a
type byte and a length: ``A`` PCM, ``E`` the speaker has finished. Daemon to page: JSON lines, four times a second.
The connection is the session: its end, or silence on it, ends the broadcast.
"""

from __future__ import annotations

import struct

HEAD = struct.Struct("<cH")
SOUND, END = b"A", b"E"
LARGEST = 9600
"""Bytes of PCM in one message: 100 ms."""


def sound(pcm: bytes) -> bytes:
    """Return the message that carries ``pcm``."""
    return HEAD.pack(SOUND, len(pcm)) + pcm


def end() -> bytes:
    """Return the message of a speaker who has finished."""
    return HEAD.pack(END, 0)


class Messages:
    """Takes bytes as they come and gives whole messages."""

    def __init__(self) -> None:
        self._waiting = b""

    def feed(self, data: bytes) -> list[tuple[bytes, bytes]]:
        """Return the messages that are whole now, each its type and its PCM. Raises ``ValueError`` for what is none."""
        self._waiting += data
        found = []
        while len(self._waiting) >= HEAD.size:
            kind, size = HEAD.unpack_from(self._waiting)
            if kind not in (SOUND, END) or size > LARGEST or size % 2:
                raise ValueError("no message of a live session")
            if len(self._waiting) < HEAD.size + size:
                break
            found.append((kind, self._waiting[HEAD.size : HEAD.size + size]))
            self._waiting = self._waiting[HEAD.size + size :]
        return found
