"""One source of a relay: a limited child that fetches and decodes, and a thread that keeps it going."""

from __future__ import annotations

import os
import select
import subprocess
import threading
from contextlib import suppress

from broadcaster.model.pcm import SAMPLE_BYTES
from broadcaster.sound.child import Limits, end_child, start_child
from broadcaster.sound.jitter import JitterBuffer

_CUSHION_S = 10.0
"""What is held back at most: HLS comes in lumps of some seconds, and a short stumble is not heard."""
_BEGINS_S = 1.0
_AGAIN_S = (0.5, 1.0, 2.0, 5.0)
_LOOK_S = 0.2
_DEAF_S = 20.0
"""Nothing for so long: the connection is made anew."""


class Line:
    """``buffer`` is what came; nobody who takes from it waits for the network."""

    def __init__(self, module: str, *arguments: str, seconds: float) -> None:
        """``seconds`` is how long it will be needed at most. Connects at once."""
        self.buffer = JitterBuffer(_BEGINS_S, 2 * _CUSHION_S, keeps_short=False)
        self._command = (module, *arguments)
        self._limits = Limits(seconds=seconds + 120, file_bytes=0)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="relay line", daemon=True)
        self._thread.start()

    def take(self) -> tuple[bytes, bool]:
        """Return the next block, and whether it is sound that came: else it is silence."""
        flows = self.buffer.is_flowing
        return self.buffer.take(), flows

    def close(self) -> None:
        """Let go, without waiting."""
        self._closing.set()

    def _run(self) -> None:
        failed = 0
        while not self._closing.is_set():
            before = self._received_by_one_child()
            failed = 0 if before else failed + 1
            self._closing.wait(_AGAIN_S[min(failed, len(_AGAIN_S) - 1)])

    def _received_by_one_child(self) -> bool:
        try:
            child = start_child(self._command[0], self._command[1:], self._limits)
        except OSError:  # no process, no memory: for a while
            return False
        try:
            return self._receive(child)
        finally:
            end_child(child)

    def _receive(self, child: subprocess.Popen[bytes]) -> bool:
        handle = child.stdout.fileno() if child.stdout is not None else -1
        some, odd, quiet = False, b"", 0.0
        while not self._closing.is_set():
            if self.buffer.seconds > _CUSHION_S:
                self._closing.wait(_LOOK_S)
                continue
            if not select.select([handle], [], [], _LOOK_S)[0]:
                quiet += _LOOK_S
                if quiet > _DEAF_S:
                    break
                continue
            data = b""
            with suppress(OSError):
                data = os.read(handle, 1 << 15)
            if not data:
                break
            data, quiet, some = odd + data, 0.0, True
            whole = len(data) // SAMPLE_BYTES * SAMPLE_BYTES
            odd = data[whole:]
            self.buffer.put(data[:whole])
        return some
