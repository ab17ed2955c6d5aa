"""What officials may set of the station themselves: kept beside the log book, in force when it has begun anew."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Mapping
from datetime import time
from typing import Final
from zoneinfo import available_timezones

from broadcaster import pidfile
from broadcaster.config import own
from broadcaster.config.loading import changed
from broadcaster.config.settings import Settings
from broadcaster.errors import ConfigurationError
from broadcaster.home import Home

_NEAR = ("Asia/Ho_Chi_Minh", "Asia/Bangkok", "Asia/Vientiane", "Asia/Phnom_Penh")
ZONES: Final = [
    *_NEAR,
    *sorted({one for one in available_timezones() if "/" in one and not one.startswith(("Etc", "posix"))} - {*_NEAR}),
]


def shown(settings: Settings) -> dict[str, str]:
    """Return the keys of :data:`own.SECTION_OF` as a form shows them."""
    values = {key: getattr(getattr(settings, section), key) for key, section in own.SECTION_OF.items()}
    return {key: f"{value:%H:%M}" if isinstance(value, time) else value for key, value in values.items()}


class OwnSettings:
    """Thread-safe."""

    def __init__(self, running: Settings, home: Home) -> None:
        """``running`` is what is in force now."""
        self._running = running
        self._home = home
        self._lock = threading.Lock()

    @property
    def wanted(self) -> Settings:
        """What will be in force after the next start."""
        try:
            return changed(self._running, own.read(self._home.set_on_pages))
        except ConfigurationError:  # changed by hand since
            return self._running

    @property
    def are_pending(self) -> bool:
        """Whether something was set that is not in force yet."""
        return shown(self.wanted) != shown(self._running)

    def check(self, values: Mapping[str, str]) -> None:
        """Raise ``ConfigurationError`` with all faults that these would have."""
        changed(self._running, {**own.read(self._home.set_on_pages), **values})

    def keep(self, values: Mapping[str, str]) -> None:
        """Keep some keys for the next start. Raises ``ConfigurationError`` with all their faults, and ``OSError``."""
        with self._lock:
            known = {**own.read(self._home.set_on_pages), **values}
            changed(self._running, known)
            if values:
                own.write(self._home.set_on_pages, known)

    def begin_anew(self) -> bool:
        """Ask the supervisor to begin anew when nothing sounds; false when there is none, or nothing to do."""
        supervisor = pidfile.holder(self._home.run / "supervisor.pid")
        if supervisor is None or not self.are_pending:
            return supervisor is not None
        os.kill(supervisor, signal.SIGHUP)
        return True
