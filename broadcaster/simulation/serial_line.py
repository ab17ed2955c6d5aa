"""A byte model on a line, with a transcript and with faults that are switched while it runs."""

from __future__ import annotations

import os
import queue
import select
import threading
import time
from collections.abc import Iterable

from broadcaster.simulation.diary import Transcript
from broadcaster.simulation.faults import checked, heard, spoilt
from broadcaster.simulation.jacks import Jack
from broadcaster.simulation.model import Model

_PAUSE_S = 0.02  # on 9600 baud 3.5 characters are 4 ms, but a pseudo-terminal hands bytes on less evenly
_ORDER_WITHIN_S = 2.0


class SerialLine:
    """The device's end of the cable. One thread owns the model; others only leave it orders."""

    def __init__(self, model: Model, jack: Jack, transcript: Transcript, slow_s: float = 1.0) -> None:
        """``slow_s`` is how late a ``slow`` device answers."""
        self._model = model
        self._jack = jack
        self._transcript = transcript
        self._slow_s = slow_s
        self._faults: frozenset[str] = frozenset()
        self._last_reply = b""
        self._heard = b""
        self._heard_at = self._last_byte = 0.0
        self._outgoing: list[tuple[float, bytes]] = []
        self._orders: queue.SimpleQueue[tuple[frozenset[str], threading.Event]] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._wake_read, self._wake_write = os.pipe()
        jack.plug_in()
        self._thread = threading.Thread(target=self._run, name="simulated device", daemon=True)
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
        """Take the device away."""
        self._closing.set()
        os.write(self._wake_write, b".")
        self._thread.join()
        self._pull_out()
        os.close(self._wake_read)
        os.close(self._wake_write)

    def _pull_out(self) -> None:
        self._jack.pull_out()
        self._outgoing.clear()
        self._model.pause()
        self._note_heard()

    def _run(self) -> None:
        while not self._closing.is_set():
            ready, _, _ = select.select([self._wake_read, *self._jack.ends()], [], [], self._patience())
            now = time.monotonic()
            if (said := self._model.tick(now)) and "power-loss" not in self._faults:
                self._outgoing.append((now, said))
            if len(ready) > (self._wake_read in ready):
                self._receive(ready, now)
            elif self._model.pending and now - self._last_byte >= _PAUSE_S:
                self._model.pause()
                self._note_heard()
            self._send_what_is_due(now)
            if self._wake_read in ready:
                os.read(self._wake_read, 100)
                self._obey()

    def _patience(self) -> float | None:
        """Return the seconds until something happens by itself."""
        ends = [due for due, _ in self._outgoing]
        if self._model.pending:
            ends.append(self._last_byte + _PAUSE_S)
        if (due := self._model.next_due) is not None:
            ends.append(due)
        return max(0.0, min(ends) - time.monotonic()) if ends else None

    def _obey(self) -> None:
        while not self._orders.empty():
            self._faults, done = self._orders.get()
            self._model.stuck = bool(self._faults & {"stuck", "lying"})
            if hasattr(self._model, "welded"):
                self._model.welded = "welded" in self._faults
            if "power-loss" in self._faults:
                self._model.power_off()
                self._outgoing.clear()
            if "unplugged" in self._faults:
                self._pull_out()
            else:
                self._jack.plug_in()
            self._jack.take(by_another="second-owner" in self._faults)
            done.set()

    def _receive(self, ready: list[int], now: float) -> None:
        data = self._jack.read(ready)
        if not data:
            return
        self._last_byte, self._heard_at = now, time.time()
        self._heard += data
        if "power-loss" in self._faults:
            self._note_heard()
            return
        reply = self._model.feed(heard(self._cut_by_power(data), self._faults))
        if reply or not self._model.pending:
            self._note_heard()
        if reply:
            late = self._slow_s if "slow" in self._faults else 0
            self._outgoing.append((now + late, spoilt(reply, self._last_reply, self._faults)))
            self._last_reply = reply

    def _cut_by_power(self, data: bytes) -> bytes:
        """Power goes, once, while a frame comes in: its end reaches a device that has just started."""
        if "power-dip" not in self._faults:
            return data
        self._faults -= {"power-dip"}
        half = len(data) // 2
        self._model.feed(data[:half])
        self._model.power_off()
        return data[half:]

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
                self._jack.write(reply)
