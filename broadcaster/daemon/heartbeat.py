"""Beats for the supervisor while playout *and* scheduler progress, and only then."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable

BEAT_S = 0.2
_log = logging.getLogger(__name__)


class Progress:
    """Stamped by a loop each time around; tells whether it stalls."""

    def __init__(self, longest_s: float) -> None:
        self._longest_s = longest_s
        self._at = time.monotonic()

    def stamp(self) -> None:
        self._at = time.monotonic()

    @property
    def is_made(self) -> bool:
        return time.monotonic() - self._at < self._longest_s


def begin(loops: list[Progress]) -> None:
    """Beat on the pipe that the supervisor handed over, if one did; a supervisor that is gone is no error here."""
    if pipe := os.environ.get("BROADCASTER_HEARTBEAT_FD"):
        os.set_blocking(int(pipe), False)
        threading.Thread(target=_beat, args=(int(pipe), loops), name="heartbeat", daemon=True).start()


def watch_lifeline(orphaned: Callable[[], None]) -> None:
    """Call ``orphaned`` when the supervisor that started this process is gone."""
    if pipe := os.environ.get("BROADCASTER_LIFELINE_FD"):
        threading.Thread(target=_await_end, args=(int(pipe), orphaned), name="lifeline", daemon=True).start()


def _beat(pipe: int, loops: list[Progress]) -> None:
    while True:
        if all(loop.is_made for loop in loops):
            try:
                os.write(pipe, b".")
            except BlockingIOError:
                pass  # a stopped supervisor does not read; it will
            except OSError:
                return
        time.sleep(BEAT_S)


def _await_end(pipe: int, orphaned: Callable[[], None]) -> None:
    os.read(pipe, 1)  # nothing is ever written: this returns when the supervisor is gone
    _log.error("the supervisor is gone")
    orphaned()
