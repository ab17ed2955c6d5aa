"""Beats for the supervisor while playout *and* scheduler progress, and only then."""

from __future__ import annotations

import os
import threading
import time

BEAT_S = 0.2


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


class Heartbeat:
    """Writes one byte to ``pipe`` every ``BEAT_S``; a supervisor that is gone is no error here."""

    def __init__(self, pipe: int, loops: list[Progress]) -> None:
        self._pipe = pipe
        self._loops = loops
        os.set_blocking(pipe, False)
        threading.Thread(target=self._run, name="heartbeat", daemon=True).start()

    def _run(self) -> None:
        while True:
            if all(loop.is_made for loop in self._loops):
                try:
                    os.write(self._pipe, b".")
                except BlockingIOError:
                    pass  # a stopped supervisor does not read; it will
                except OSError:
                    return
            time.sleep(BEAT_S)
