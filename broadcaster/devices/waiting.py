"""Silence for the air while devices on a wire get on with what they were told."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

from broadcaster.devices.port import SerialPort
from broadcaster.errors import NoReplyError
from broadcaster.model.pcm import BLOCK, RATE, SILENCE
from broadcaster.words import Sentence

_PATIENCE_S = 2.0


def silence_until(waiting: deque[Future[Any]], port: SerialPort) -> Iterator[bytes]:
    """Yield blocks of silence until all are done; raises what one of them raised, ``NoReplyError`` after 2 s."""
    for _ in range(int(_PATIENCE_S * RATE / BLOCK)):
        while waiting and waiting[0].done():
            waiting.popleft().result()
        if not waiting:
            return
        yield SILENCE
    waiting[0].cancel()
    raise NoReplyError(Sentence("Port {port} hangs.", port=port.label))
