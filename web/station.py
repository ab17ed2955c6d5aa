"""What all pages share: the configuration, the log book, the library, the daemon's ear."""

from __future__ import annotations

import tempfile
import threading
from contextlib import suppress
from datetime import datetime
from typing import IO, Any, cast

from flask import Request, current_app
from jinja2 import Environment
from sqlalchemy import Engine

from broadcaster.clock import SystemClock
from broadcaster.config.settings import Settings
from broadcaster.control.client import ControlClient
from broadcaster.errors import BroadcasterError
from broadcaster.home import Home
from broadcaster.seal import secret_key
from broadcaster.sound.finished import FinishedMixes
from broadcaster.sound.frame import Frame
from broadcaster.sound.goal import Target
from broadcaster.sound.library import Library
from broadcaster.storage import users
from broadcaster.storage.database import database_url, open_database
from broadcaster.storage.ground import Ground
from web.authority import Certificates
from web.board import Board
from web.live import Live
from web.own_settings import OwnSettings
from web.permits import Permits
from web.plan import PlanBook
from web.remembered import Remembered


class Station:
    """One for the process; thread-safe."""

    def __init__(self, settings: Settings, home: Home, templates: Environment) -> None:
        self.settings = settings
        self.home = home
        self.key = secret_key(home)
        self.own = OwnSettings(settings, home)
        self.clock = SystemClock()
        self.library = Library(home.library, Target.of(settings.sound))
        self.frame = Frame(settings.sound, self.library, home)
        self.mixes = FinishedMixes(home.library, self.key)
        self.daemon = ControlClient(home.control_socket, within_s=3)
        self.quick = ControlClient(home.control_socket, within_s=0.5)
        self.board = Board(self, templates)
        self.planned = PlanBook(lambda: self.log_book, self.key, settings.station.zone, self.clock)
        self.live = Live(self.board.in_every_language)
        self.remembered = Remembered()
        self.permits = Permits(self.clock.monotonic)
        self.certificates: Certificates | None = None
        """Set by whoever serves the pages over https too."""
        self._engine: Engine | None = None
        self._lock = threading.Lock()

    @property
    def log_book(self) -> Engine:
        """The log book. Raises ``StorageError`` while it cannot be opened."""
        with self._lock:
            if self._engine is None:
                self._engine = open_database(database_url(self.home.database))
            return self._engine

    def tell_changed(self) -> None:
        """Somebody has changed schedules: the daemon looks by itself within two seconds if it is not told."""
        self.board.forget()
        with suppress(BroadcasterError):
            self.daemon.ask("schedules changed")

    def still_sounds(self, schedule_id: str) -> bool:
        """Return whether the controller says that a session of this schedule is on the carrier just now."""
        current = (self.board.status() or {}).get("current")
        return current is not None and current["schedule"] == schedule_id

    def local(self, moment: float) -> datetime:
        """Return a Unix second as the station's local time."""
        return datetime.fromtimestamp(moment, self.settings.station.zone)

    def names(self) -> dict[int, str]:
        """Return what everybody is called, by number. Raises ``StorageError``."""
        return {row["id"]: row["name"] for row in users.everyone(self.log_book)}

    @property
    def ground(self) -> Ground:
        return Ground(self.settings.station.zone, self.settings.network, self.clock.now(), self.key)


def station() -> Station:
    """Return the station of the current request."""
    return cast(Station, current_app.extensions["station"])


class UploadRequest(Request):
    """Keeps uploads, while they arrive, where everything is kept that is written at run time."""

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        return tempfile.NamedTemporaryFile("w+b", dir=station().home.library, prefix=".", suffix=".part")
