"""What can be wrong with a device on a serial line, and what that leaves of an answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set

from broadcaster.errors import UsageError
from broadcaster.words import Sentence

FAULTS = (
    "silent",
    "slow",
    "stale",
    "garbled",
    "noise",
    "partial",
    "stuck",
    "lying",
    "welded",
    "unplugged",
    "second-owner",
    "wrong-baud",
    "power-loss",
    "power-dip",
)
"""``stuck``: nothing moves, and asked back it says so; ``lying``: it confirms what it does not do; ``welded``: a
contact stays closed whatever the board believes; ``power-dip``: power goes once in the middle of a frame."""
_NOISE = b"\xf0\x0f\xaa"


def checked(names: Iterable[str], known: Sequence[str] = FAULTS) -> frozenset[str]:
    """Return the faults that are named; ``none`` is none. Raises ``UsageError`` for one that is not ``known``."""
    wanted = frozenset(names) - {"none"}
    if unknown := sorted(wanted - set(known)):
        there = ", ".join(known)
        raise UsageError(Sentence("No fault is called {name}. There are: {names}.", name=unknown[0], names=there))
    return wanted


def heard(data: bytes, faults: Set[str]) -> bytes:
    """Return what the device makes of bytes that come at another speed than it listens at."""
    return bytes(byte ^ 0x5A for byte in data[::2]) if "wrong-baud" in faults else data


def spoilt(reply: bytes, previous: bytes, faults: Set[str]) -> bytes:
    """Return what ``faults`` leave of ``reply``; ``previous`` is the answer to the command before."""
    if "silent" in faults:
        return b""
    if "stale" in faults:
        reply = previous
    if faults & {"garbled", "wrong-baud"} and reply:
        middle = len(reply) // 2
        reply = reply[:middle] + bytes([reply[middle] ^ 0x55]) + reply[middle + 1 :]
    if "noise" in faults:
        reply = _NOISE + reply
    return reply[: len(reply) // 2] if "partial" in faults else reply
