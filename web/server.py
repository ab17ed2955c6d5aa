"""Serves the pages: gunicorn with threads, one worker process."""

from __future__ import annotations

import logging
import os
import signal
import threading
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from broadcaster.config.settings import Settings
from broadcaster.home import Home
from broadcaster.pidfile import PidFile
from web import create_app
from web.authority import certificates
from web.worker import TwoWayWorker, serve_tls

_log = logging.getLogger(__name__)


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


def serve(settings: Settings, home: Home) -> None:
    """Serve until SIGTERM, or until the supervisor is gone."""
    held = PidFile(home.run / "web.pid")  # gunicorn's own would not survive a full disk
    if pipe := os.environ.get("BROADCASTER_LIFELINE_FD"):
        threading.Thread(target=_follow, args=(int(pipe),), daemon=True).start()
    alive_read, alive_write = os.pipe()
    options = {
        "bind": f"{settings.web.host}:{settings.web.port}",
        "worker_class": TwoWayWorker,
        "workers": 1,
        "threads": 256,  # a thread waits in each live page; some are always left for an emergency
        "worker_tmp_dir": next((d for d in ("/dev/shm",) if os.path.isdir(d)), None),  # noqa: S108, PTH112 - no disk
        "control_socket_disable": True,
        "graceful_timeout": 2,
        "accesslog": None,
        "errorlog": "-",
        "proc_name": "broadcaster-web",
        "post_worker_init": lambda _: _end_with(alive_read, alive_write),
    }
    app = create_app(settings, home)
    _make_safe(app, settings, home)
    try:
        _Server(app, options).run()
    finally:
        held.close()


def _make_safe(app: Flask, settings: Settings, home: Home) -> None:
    """Serve https too. On a disk that cannot be written there is only http: an emergency must not wait for it."""
    try:
        made = certificates(home.path / "tls", settings.station.name, datetime.now(UTC))
        serve_tls(str(made.server), str(made.key))
    except (OSError, ValueError) as error:
        _log.error("no https: %s", error)
        return
    app.extensions["station"].certificates = made


def _end_with(alive_read: int, alive_write: int) -> None:
    """In the worker: end when the master is gone. By itself it would wait for its live pages, which never end."""
    os.close(alive_write)

    def wait() -> None:
        os.read(alive_read, 1)
        os._exit(0)

    threading.Thread(target=wait, name="master", daemon=True).start()


def _follow(pipe: int) -> None:
    os.read(pipe, 1)  # nothing is ever written: this returns when the supervisor is gone
    os.kill(os.getpid(), signal.SIGTERM)
