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
_SMALLEST = 480
"""5 ms: crumbs would cost the controller more than the sound is worth."""


def sound(pcm: bytes) -> bytes:
    """Return the message that carries ``pcm``; nothing for a crumb of it."""
    return HEAD.pack(SOUND, len(pcm)) + pcm if len(pcm) >= _SMALLEST else b""


def end() -> bytes:
    """Return the message of a speaker who has finished."""
    return HEAD.pack(END, 0)


def _is_message(kind: bytes, size: int) -> bool:
    if kind == SOUND:
        return _SMALLEST <= size <= LARGEST and size % 2 == 0
    return (kind, size) == (END, 0)


class Messages:
    """Takes bytes as they come and gives whole messages."""

    def __init__(self) -> None:
        self._waiting = b""

    def feed(self, data: bytes) -> list[tuple[bytes, bytes]]:
        """Return the messages that are whole now, each its type and its PCM. Raises ``ValueError`` for what is none."""
        waiting, at = self._waiting + data, 0
        found = []
        while len(waiting) - at >= HEAD.size:
            kind, size = HEAD.unpack_from(waiting, at)
            begin, end = at + HEAD.size, at + HEAD.size + size
            if not _is_message(kind, size):
                raise ValueError("no message of a live session")
            if len(waiting) < end:
                break
            found.append((kind, waiting[begin:end]))
            at = end
        self._waiting = waiting[at:]
        return found
