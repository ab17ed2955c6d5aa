"""KMTronic USB relay boards: ``FF channel 00/01`` switches, ``FF channel 03`` asks; 9600 baud, no timer."""

from __future__ import annotations

from broadcaster.errors import BadReplyError
from broadcaster.words import Sentence

_START, _ASK = 0xFF, 0x03
_LENGTH = 3


def switch(channel: int, on: bool) -> bytes:
    """Return the command for one contact, ``FF 01 01``."""
    return bytes([_START, channel, on])


def ask(channel: int) -> bytes:
    """Return the question for one contact, ``FF 01 03``."""
    return bytes([_START, channel, _ASK])


def is_complete(reply: bytes) -> bool:
    """Tell whether an answer, ``FF channel state``, has come whole."""
    return len(reply) >= _LENGTH


def state_of(reply: bytes, request: bytes) -> bool:
    """Return the contact's state. Raises ``BadReplyError`` when that is no answer to ``request``."""
    if len(reply) != _LENGTH or reply[:2] != request[:2] or reply[2] not in (0, 1):
        raise BadReplyError(Sentence("The relay board's answer cannot be understood: look at the cable."))
    return bool(reply[2])
