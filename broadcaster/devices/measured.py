"""What was measured on the station's own hardware, on disk: only that is believed of it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from broadcaster.config.hardware import WaveshareSettings
from broadcaster.config.settings import Settings
from broadcaster.home import Home

_TIMED = "timed_contact"


class Measured:
    """``measured.json`` in the station's folder."""

    def __init__(self, home: Home) -> None:
        self._path = home.path / "measured.json"

    def holds_while_kept(self, settings: Settings) -> bool:
        """Whether the key's contact was seen to open by itself, and not before while it was held anew."""
        if settings.transmitter.keying != "relay" or not isinstance(settings.relay_board, WaveshareSettings):
            return False
        found = self._read().get(_TIMED)
        return isinstance(found, dict) and found.get("board") == _board(settings) and found.get("holds") is True

    def knows(self, settings: Settings) -> bool:
        """Whether this very board was measured at all."""
        found = self._read().get(_TIMED)
        return isinstance(found, dict) and found.get("board") == _board(settings)

    def note(self, settings: Settings, *, holds: bool, at: float) -> None:
        """Write down what was seen, for this very board. Raises ``OSError``."""
        known = self._read() | {_TIMED: {"board": _board(settings), "holds": holds, "at": at}}
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(known))
        fresh.replace(self._path)

    def _read(self) -> dict[str, Any]:
        try:
            known = json.loads(self._path.read_text())
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}


def _board(settings: Settings) -> str:
    """Another board, another port or another contact has to be measured anew."""
    told = f"{settings.relay_board.model_dump_json()} {settings.transmitter.channel}"
    return hashlib.sha256(told.encode()).hexdigest()
