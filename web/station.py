"""What all pages share: the configuration, the log book, the library, the daemon's ear."""

from __future__ import annotations

import os
import secrets
import tempfile
import threading
from contextlib import suppress
from typing import IO, Any, cast

from flask import Request, current_app
from jinja2 import Environment
from sqlalchemy import Engine

from broadcaster.clock import SystemClock
from broadcaster.config.settings import Settings
from broadcaster.control.client import ControlClient
from broadcaster.errors import BroadcasterError
from broadcaster.home import Home
from broadcaster.sound.library import Library
from broadcaster.storage.database import database_url, open_database
from broadcaster.storage.settling import Ground
from web.board import Board
from web.live import Live


class Station:
    """One for the process; thread-safe."""

    def __init__(self, settings: Settings, home: Home, templates: Environment) -> None:
        self.settings = settings
        self.home = home
        self.clock = SystemClock()
        self.library = Library(home.library)
        self.daemon = ControlClient(home.control_socket, within_s=3)
        self.quick = ControlClient(home.control_socket, within_s=0.5)
        self.board = Board(self, templates)
        self.live = Live(self.board.in_every_language)
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

    @property
    def ground(self) -> Ground:
        return Ground(self.settings.station.zone, self.settings.network, self.clock.now())


def station() -> Station:
    """Return the station of the current request."""
    return cast(Station, current_app.extensions["station"])


class UploadRequest(Request):
    """Keeps uploads, while they arrive, where everything is kept that is written at run time."""

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        return tempfile.NamedTemporaryFile("w+b", dir=station().home.library, prefix=".", suffix=".part")


def secret_key(home: Home) -> bytes:
    """Return the key that signs cookies; made once. On a full disk it lasts as long as this process."""
    try:
        known = home.secret_key.read_bytes()
    except OSError:
        known = b""
    if len(known) >= 32:
        return known
    made = secrets.token_bytes(32)
    try:
        handle = os.open(home.secret_key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(made)
    except OSError:
        pass
    return made
