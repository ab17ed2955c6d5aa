"""What can be wrong with a device on a serial line, and what that leaves of an answer."""

from __future__ import annotations

from collections.abc import Iterable, Set

from broadcaster.errors import UsageError
from broadcaster.words import Sentence

FAULTS = ("silent", "slow", "stale", "garbled", "noise", "partial", "stuck", "unplugged", "power-loss")
_NOISE = b"\xf0\x0f\xaa"


def checked(names: Iterable[str]) -> frozenset[str]:
    """Return the faults that are named; ``none`` is none. Raises ``UsageError`` for an unknown one."""
    wanted = frozenset(names) - {"none"}
    if unknown := sorted(wanted - set(FAULTS)):
        known = ", ".join(FAULTS)
        raise UsageError(Sentence("No fault is called {name}. There are: {names}.", name=unknown[0], names=known))
    return wanted


def spoilt(reply: bytes, previous: bytes, faults: Set[str]) -> bytes:
    """Return what ``faults`` leave of ``reply``; ``previous`` is the answer to the command before."""
    if "silent" in faults:
        return b""
    if "stale" in faults:
        reply = previous
    if "garbled" in faults and reply:
        middle = len(reply) // 2
        reply = reply[:middle] + bytes([reply[middle] ^ 0x55]) + reply[middle + 1 :]
    if "noise" in faults:
        reply = _NOISE + reply
    return reply[: len(reply) // 2] if "partial" in faults else reply
