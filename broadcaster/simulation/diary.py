"""What the simulated station writes down of itself. A full disk must not stop hardware, simulated or not."""

from __future__ import annotations

import json
import os
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_STATES = {"relay": ("channel", "on"), "carrier": ("", "on"), "cluster": ("number", "open")}
"""Events that tell a state: which detail names the thing, and which tells its state."""


class _Lines:
    """A file to which each line is added in one write, from any thread; what the disk refuses is lost."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1
        self._lock = threading.Lock()

    def add(self, line: str) -> None:
        data = f"{line}\n".encode()
        with suppress(OSError):
            if self._file < 0:
                self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
            written = os.write(self._file, data)
            if written < len(data):  # the disk is full: half a line would spoil the next one
                os.ftruncate(self._file, os.fstat(self._file).st_size - written)

    def close(self) -> None:
        """Let go of the file; a later line opens it again."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


class Diary(_Lines):
    """``field/events.jsonl``: one JSON object a line.

    Every line has ``time`` (Unix seconds) and ``what``, which is ``relay`` (with ``channel``, ``on``),
    ``carrier`` (``on``), ``code`` (``digits``) or ``cluster`` (``number``, ``open``).
    """

    def tell(self, what: str, **details: object) -> None:
        """Write down that this happened now."""
        with self._lock:  # or the lines of two threads might not stand in the order of their times
            self.add(json.dumps({"time": time.time(), "what": what, **details}))

    def power_up(self) -> None:
        """Tell what ended unseen since the last line: without power no relay holds and no cluster is open."""
        for event in self._standing():
            state = _STATES[event["what"]][1]
            self.tell(
                event["what"],
                **{k: v for k, v in event.items() if k not in ("time", "what", state)},
                **{state: False},
            )

    def _standing(self) -> list[dict[str, Any]]:
        latest: dict[tuple[str, object], dict[str, Any]] = {}
        with suppress(OSError), self._path.open("rb") as lines:
            for line in lines:
                with suppress(ValueError, KeyError, TypeError):
                    event = json.loads(line)
                    name, state = _STATES[event["what"]]
                    latest.pop((event["what"], event.get(name)), None)
                    if event[state]:
                        latest[event["what"], event.get(name)] = event
        return list(latest.values())


class Transcript(_Lines):
    """``run/wire.log``: ``2026-11-23T10:15:00.123456Z > 01 05 …``: ``>`` to the device, ``<`` from it."""

    def line(self, direction: str, data: bytes, at: float) -> None:
        """Write down what passed on the wire in one go at the Unix second ``at``."""
        with self._lock:
            moment = datetime.fromtimestamp(at, UTC)
            self.add(f"{moment:%Y-%m-%dT%H:%M:%S.%fZ} {direction} {data.hex(' ').upper()}")
