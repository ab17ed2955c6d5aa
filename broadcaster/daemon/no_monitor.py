"""A station without a monitor receiver: nobody knows what sounded, and that is said."""

from __future__ import annotations

from typing import Any

from broadcaster.daemon.bus import Bus
from broadcaster.model.broadcast import ENDS
from broadcaster.model.verdict import Verdict
from broadcaster.playout.events import BroadcastHeard, BroadcastMoved, Event


class NoMonitor:
    """Where there is no receiver, that is said of each broadcast which had the carrier."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def start(self) -> None:
        """There is nothing to listen to."""

    def close(self) -> None:
        """Likewise."""

    def told(self, event: Event) -> None:
        """This happened."""
        if isinstance(event, BroadcastMoved) and event.state in ENDS and event.sounded_s:
            self._bus.emit(BroadcastHeard(event.broadcast.id, Verdict.NO_MONITOR, None, event.at))

    def status(self) -> dict[str, Any]:
        """Return what ``status`` shows of it."""
        return dict.fromkeys(("alive", "hears", "now", "evidence", "last")) | {"input": ""}
