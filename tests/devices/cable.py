"""A null-modem cable between two pseudo-terminals, which writes down what goes through it."""

from __future__ import annotations

import os
import pty
import select
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Cable:
    """``here`` and ``there`` are the names of its two ports; ``sent`` and ``answered`` what went each way."""

    def __init__(self) -> None:
        self._ends = [pty.openpty(), pty.openpty()]
        for _, port in self._ends:
            tty.setraw(port)
        self.here, self.there = (os.ttyname(port) for _, port in self._ends)
        self.sent, self.answered = bytearray(), bytearray()
        self._stop, self._stopper = os.pipe()
        self._thread = threading.Thread(target=self._carry)
        self._thread.start()

    def close(self) -> None:
        """Take the cable away."""
        os.write(self._stopper, b"x")
        self._thread.join(5)
        for one in (*sum(self._ends, ()), self._stop, self._stopper):
            os.close(one)

    def _carry(self) -> None:
        (near, _), (far, _) = self._ends
        while True:
            ready, _, _ = select.select([near, far, self._stop], [], [])
            if self._stop in ready:
                return
            for end, other, seen in ((near, far, self.sent), (far, near, self.answered)):
                if end in ready:
                    with suppress(OSError):
                        seen.extend(data := os.read(end, 4096))
                        os.write(other, data)


@contextmanager
def cable() -> Iterator[Cable]:
    """Yield a cable that is plugged in at both ends."""
    one = Cable()
    try:
        yield one
    finally:
        one.close()
