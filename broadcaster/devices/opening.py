"""Opening a network port: pyserial gives a dead device server five seconds, an emergency does not."""

from __future__ import annotations

import threading
from contextlib import suppress

import serial


class Opening:
    """One attempt, in a thread of its own; who comes meanwhile waits for the same one, and not for long."""

    def __init__(self, line: serial.Serial) -> None:
        self._line = line
        self._error: Exception | None = None
        self._abandoned = False
        self._done = threading.Event()
        threading.Thread(target=self._open, name="opening", daemon=True).start()

    def line(self, within_s: float) -> serial.Serial | None:
        """Return the open line, ``None`` while it is not. Raises what opening it raised."""
        if not self._done.wait(within_s):
            return None
        if self._error is not None:
            raise self._error
        return self._line

    def abandon(self) -> None:
        """Nobody wants it any more."""
        self._abandoned = True
        if self._done.is_set():
            self._close()

    def _open(self) -> None:
        try:
            self._line.open()
        except Exception as error:  # noqa: BLE001 - it is raised where somebody waits for it
            self._error = error
        self._done.set()
        if self._abandoned:
            self._close()

    def _close(self) -> None:
        with suppress(Exception):  # what was never whole need not close properly
            self._line.close()
