"""What a child that sends PCM has in common with the other: it writes to its output, and ends with its parent."""

from __future__ import annotations

import os
import sys
import threading

_OUT = 1


def write(pcm: bytes) -> None:
    """Write all of it; waits while the parent has enough. Ends the process when the parent is gone."""
    left = memoryview(pcm)
    try:
        while left:
            left = left[os.write(_OUT, left) :]
    except OSError:
        os._exit(0)


def end_with_parent() -> None:
    """The parent holds the other end of our input: when that closes, there is nobody to send to."""

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 1):
            pass
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
