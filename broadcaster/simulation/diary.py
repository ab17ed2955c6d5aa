"""What the simulated station writes down of itself. A full disk must not stop hardware, simulated or not."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path


class _Lines:
    """A file to which each line is added in one write."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)

    def add(self, line: str) -> None:
        try:
            os.write(self._file, f"{line}\n".encode())
        except OSError:
            pass

    def close(self) -> None:
        os.close(self._file)


class Diary(_Lines):
    """``field/events.jsonl``: one JSON object a line."""

    def tell(self, what: str, **details: object) -> None:
        """Write down that ``what`` (``relay``, ``carrier``, ``code`` or ``cluster``) happened now."""
        self.add(json.dumps({"time": time.time(), "what": what, **details}))


class Transcript(_Lines):
    """``run/wire.log``: time, ``>`` to the device or ``<`` from it, bytes in hex."""

    def line(self, direction: str, data: bytes) -> None:
        """Write down what passed on the wire in one go."""
        self.add(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ} {direction} {data.hex(' ').upper()}")
