"""Beginning anew with a changed configuration, once the daemon has agreed to end."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from broadcaster.config.settings import Settings
from broadcaster.control.client import ControlClient
from broadcaster.errors import BroadcasterError, ConfigurationError
from broadcaster.home import Home

_LET_ANSWERS_OUT_S = 1.5
"""The page that asked is still being answered."""
_CALM_S = 30.0
"""Nothing is to be made ready within that time: starting takes a few seconds."""
_log = logging.getLogger(__name__)


class Anew:
    """Asked by SIGHUP, looked at by the supervisor again and again."""

    def __init__(self, home: Home, load: Callable[[], Settings]) -> None:
        self._daemon = ControlClient(home.control_socket, within_s=0.5)
        self._load = load
        self._look_at: float | None = None

    def ask(self) -> None:
        """Begin anew as soon as it can be."""
        self._look_at = time.monotonic() + _LET_ANSWERS_OUT_S

    def look(self) -> Settings | None:
        """Return the new settings once it is time; ``None`` while it is not, or when they have faults."""
        if self._look_at is None or time.monotonic() < self._look_at:
            return None
        self._look_at = time.monotonic() + 1
        try:
            settings = self._load()
        except ConfigurationError as error:
            _log.error("the new configuration has faults, the old one stays: %s", "; ".join(map(str, error.findings)))
        except BroadcasterError as error:
            _log.error("the new configuration cannot be read, the old one stays: %s", error)
        else:
            if not self._ends():
                return None
            self._look_at = None
            return settings
        self._look_at = None
        return None

    def _ends(self) -> bool:
        """Only the daemon knows whether an emergency was taken in just now, so it decides, and ends by itself.

        A daemon that does not answer is just starting, or being started: that is waited for.
        """
        try:
            return bool(self._daemon.ask("end if calm", seconds=_CALM_S)["ends"])
        except BroadcasterError:
            return False
