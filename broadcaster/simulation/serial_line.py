"""A byte model on a pseudo-terminal behind a stable name, with a transcript and with faults."""

from __future__ import annotations

import os
import pty
import queue
import select
import threading
import time
import tty
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from broadcaster.simulation.diary import Transcript
from broadcaster.simulation.faults import checked, spoilt
from broadcaster.simulation.relay_board import RelayBoard

_PAUSE_S = 0.02  # on 9600 baud 3.5 characters are 4 ms, but a pseudo-terminal hands bytes on less evenly
_ORDER_WITHIN_S = 2.0


class SerialLine:
    """The board's end of the cable. One thread owns the board; others only leave it orders."""

    def __init__(self, board: RelayBoard, link: Path, transcript: Transcript, slow_s: float = 1.0) -> None:
        """``link`` is the stable name of the port; ``slow_s`` is how late a ``slow`` board answers."""
        self._board = board
        self._link = link
        self._transcript = transcript
        self._slow_s = slow_s
        self._faults: frozenset[str] = frozenset()
        self._last_reply = b""
        self._heard = b""
        self._heard_at = self._last_byte = 0.0
        self._outgoing: list[tuple[float, bytes]] = []
        self._master = self._slave = -1
        self._orders: queue.SimpleQueue[tuple[frozenset[str], threading.Event]] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._wake_read, self._wake_write = os.pipe()
        self._plug_in()
        self._thread = threading.Thread(target=self._run, name="relay board", daemon=True)
        self._thread.start()

    @property
    def faults(self) -> list[str]:
        """The faults that it has now."""
        return sorted(self._faults)

    def set_faults(self, faults: Iterable[str]) -> None:
        """Have exactly these faults; ``none`` is none. Raises ``UsageError`` for an unknown one."""
        wanted = checked(faults)
        done = threading.Event()
        self._orders.put((wanted, done))
        os.write(self._wake_write, b".")
        done.wait(_ORDER_WITHIN_S)

    def close(self) -> None:
        """Take the board away."""
        self._closing.set()
        os.write(self._wake_write, b".")
        self._thread.join()
        self._pull_out()
        os.close(self._wake_read)
        os.close(self._wake_write)

    def _plug_in(self) -> None:
        self._master, self._slave = pty.openpty()
        os.set_blocking(self._master, False)
        tty.setraw(self._slave)  # or the line would echo what is written to it
        fresh = self._link.with_name(f"{self._link.name}.new")
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
        self._outgoing.clear()
        self._board.pause()
        self._note_heard()

    def _run(self) -> None:
        while not self._closing.is_set():
            ends = [end for end in (self._wake_read, self._master) if end >= 0]
            ready, _, _ = select.select(ends, [], [], self._patience())
            now = time.monotonic()
            self._board.tick(now)
            if self._master in ready:
                self._receive(now)
            elif self._board.pending and now - self._last_byte >= _PAUSE_S:
                self._board.pause()
                self._note_heard()
            self._send_what_is_due(now)
            if self._wake_read in ready:
                os.read(self._wake_read, 100)
                self._obey()

    def _patience(self) -> float | None:
        """Return the seconds until something happens by itself."""
        ends = [due for due, _ in self._outgoing]
        if self._board.pending:
            ends.append(self._last_byte + _PAUSE_S)
        if (flash := self._board.next_flash_end) is not None:
            ends.append(flash)
        return max(0.0, min(ends) - time.monotonic()) if ends else None

    def _obey(self) -> None:
        while not self._orders.empty():
            self._faults, done = self._orders.get()
            self._board.stuck = "stuck" in self._faults
            if "power-loss" in self._faults:
                self._board.power_off()
                self._outgoing.clear()
            if "unplugged" in self._faults:
                self._pull_out()
            elif self._master < 0:
                self._plug_in()
            done.set()

    def _receive(self, now: float) -> None:
        try:
            data = os.read(self._master, 4096)
        except OSError:
            return
        self._last_byte, self._heard_at = now, time.time()
        self._heard += data
        if "power-loss" in self._faults:
            self._note_heard()
            return
        reply = self._board.feed(data)
        if reply or not self._board.pending:
            self._note_heard()
        if reply:
            late = self._slow_s if "slow" in self._faults else 0
            self._outgoing.append((now + late, spoilt(reply, self._last_reply, self._faults)))
            self._last_reply = reply

    def _note_heard(self) -> None:
        """A frame stands on one line of the transcript even if it came in pieces."""
        if self._heard:
            self._transcript.line(">", self._heard, self._heard_at)
        self._heard = b""

    def _send_what_is_due(self, now: float) -> None:
        for due, reply in list(self._outgoing):
            if due > now:
                continue
            self._outgoing.remove((due, reply))
            if reply:
                self._transcript.line("<", reply, time.time())
                with suppress(OSError):  # nobody reads: a serial line does not wait for that
                    os.write(self._master, reply)
