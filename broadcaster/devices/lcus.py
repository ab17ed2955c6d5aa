"""LCUS-1 … LCUS-8 USB relay boards: ``A0 channel op sum``, 9600 baud, no timer, no confirmation.

Some answer ``FF`` with a line for each channel, ``CH1: ON``; many do not.
"""

from __future__ import annotations

import re

from broadcaster.errors import BadReplyError
from broadcaster.words import Sentence

_START = 0xA0
STATUS = b"\xff"
_LINE = re.compile(rb"CH ?(\d) ?: ?(ON|OFF)")


def switch(channel: int, on: bool) -> bytes:
    """Return the command for one contact, ``A0 01 01 A2``."""
    body = bytes([_START, channel, on])
    return body + bytes([sum(body) & 0xFF])


def is_status(reply: bytes, channels: int) -> bool:
    """Tell whether the line of the last channel has come whole."""
    lines = reply.split(b"\n")[:-1]
    told = [int(number) for line in lines for number, _ in _LINE.findall(line)]
    return channels in told


def state_of(reply: bytes, channel: int) -> bool:
    """Return what the status says of one channel. Raises ``BadReplyError``."""
    told: dict[int, bool] = {int(number): word == b"ON" for number, word in _LINE.findall(reply)}
    if channel not in told:
        raise BadReplyError(Sentence("The relay board does not say how contact {channel} stands.", channel=channel))
    return told[channel]
