"""A byte model on a pseudo-terminal behind a stable name, with a transcript and with faults."""

from __future__ import annotations

import os
import pty
import select
import threading
import time
import tty
from collections.abc import Iterable
from pathlib import Path

from broadcaster.errors import UsageError
from broadcaster.simulation.diary import Transcript
from broadcaster.simulation.relay_board import RelayBoard
from broadcaster.words import Sentence

FAULTS = ("silent", "slow", "stale", "garbled", "noise", "partial", "stuck", "unplugged", "power-loss")
_PAUSE_S = 0.02
_SLOW_S = 1.0


class SerialLine:
    """The board's end of the cable: one thread."""

    def __init__(self, board: RelayBoard, link: Path, transcript: Transcript) -> None:
        self._board = board
        self._link = link
        self._transcript = transcript
        self._faults: frozenset[str] = frozenset()
        self._last_reply = b""
        self._master = self._slave = -1
        self._closing = False
        self._lock = threading.Lock()
        self._wake_read, self._wake_write = os.pipe()
        self._plug_in()
        self._thread = threading.Thread(target=self._run, name="relay board", daemon=True)
        self._thread.start()

    @property
    def faults(self) -> list[str]:
        """The faults that it has now."""
        return sorted(self._faults)

    def set_faults(self, faults: Iterable[str]) -> None:
        """Have exactly these faults; none of them heals it. Raises ``UsageError`` for an unknown one."""
        wanted = frozenset(faults) - {"none"}
        if unknown := sorted(wanted - set(FAULTS)):
            raise UsageError(
                Sentence("No fault is called {name}. There are: {names}.", name=unknown[0], names=", ".join(FAULTS))
            )
        with self._lock:
            self._faults = wanted
            self._board.stuck = "stuck" in wanted
            if "power-loss" in wanted:
                self._board.power_off()
            if "unplugged" in wanted:
                self._pull_out()
            elif self._master < 0:
                self._plug_in()
        os.write(self._wake_write, b".")

    def close(self) -> None:
        """Take the board away."""
        self._closing = True
        os.write(self._wake_write, b".")
        self._thread.join(2)
        self._pull_out()

    def _plug_in(self) -> None:
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)  # or the line would echo what is written to it
        fresh = self._link.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(os.ttyname(self._slave))
        fresh.replace(self._link)

    def _pull_out(self) -> None:
        """As a USB adapter goes: the name vanishes, and whoever has it open gets an error."""
        self._link.unlink(missing_ok=True)
        for end in (self._master, self._slave):
            if end >= 0:
                os.close(end)
        self._master = self._slave = -1

    def _run(self) -> None:
        quiet_since = time.monotonic()
        while not self._closing:
            ends = [end for end in (self._master, self._wake_read) if end >= 0]
            try:
                ready, _, _ = select.select(ends, [], [], _PAUSE_S)
            except OSError:
                continue  # pulled out in this very moment
            now = time.monotonic()
            self._board.tick(now)
            if self._wake_read in ready:
                os.read(self._wake_read, 100)
            if self._master in ready:
                self._serve()
                quiet_since = now
            elif now - quiet_since > _PAUSE_S:
                self._board.pause()

    def _serve(self) -> None:
        with self._lock:
            if self._master < 0:
                return
            try:
                request = os.read(self._master, 256)
            except OSError:
                return
            self._transcript.line(">", request)
            faults = self._faults
            if faults & {"power-loss"}:
                return
            reply = self._spoilt(self._board.feed(request), faults)
            if reply:
                self._transcript.line("<", reply)
                os.write(self._master, reply)

    def _spoilt(self, reply: bytes, faults: frozenset[str]) -> bytes:
        previous, self._last_reply = self._last_reply, reply
        if not reply or "silent" in faults:
            return b""
        if "slow" in faults:
            time.sleep(_SLOW_S)
        if "stale" in faults:
            reply = previous
        if "garbled" in faults:
            reply = bytes(byte ^ 0x55 for byte in reply)
        if "noise" in faults:
            reply = b"\xf0\x0f\xaa" + reply
        return reply[: len(reply) // 2] if "partial" in faults else reply
