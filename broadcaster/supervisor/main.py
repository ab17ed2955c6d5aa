"""``broadcaster run``: everything, in the foreground, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import http.client
import json
import logging
import os
import signal
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from broadcaster import pidfile
from broadcaster.config.settings import Settings
from broadcaster.control.client import ControlClient
from broadcaster.devices.factory import drop_carrier
from broadcaster.errors import BroadcasterError
from broadcaster.home import Home
from broadcaster.supervisor.anew import Anew
from broadcaster.supervisor.child import Child
from broadcaster.supervisor.simulator import SimulatorKeeper
from broadcaster.supervisor.watch import DaemonWatch

_LOOK_S = 0.1
_DAEMON_ENDS_WITHIN_S = 12.0
_log = logging.getLogger(__name__)


class Supervisor:
    """Owns the children; its life is :meth:`run`."""

    def __init__(
        self,
        settings: Settings,
        home: Home,
        config: Path,
        load: Callable[[], Settings],
        healthy: Callable[[str], None],
        unhealthy: Callable[[], None],
    ) -> None:
        """``healthy`` is called once with the address of the pages when they answer, ``unhealthy`` if they end first.

        ``load`` reads the configuration once more, after SIGHUP. Raises ``RefusedError`` when a supervisor runs
        already.
        """
        self._anew = Anew(home, load)
        self._unhealthy = unhealthy
        self._settings = settings
        self._home = home
        self._healthy: Callable[[str], None] | None = healthy
        self._pid = pidfile.PidFile(home.run / "supervisor.pid")
        self._stopping = False
        self._lifeline_read, self._lifeline_write = os.pipe()
        environment = {**os.environ, "CONFIG": str(config), "BROADCASTER_HOME": str(home.path)}
        self._simulator = SimulatorKeeper(settings, home, environment) if settings.simulated else None
        self._web = Child(["web"], home.log / "web.log", environment)
        self._daemon = DaemonWatch(
            Child(["daemon"], home.log / "daemon.log", environment),
            self._lifeline_read,
            lambda: drop_carrier(self._settings, home),
        )

    def run(self) -> bool:
        """Start everything and keep it running until told to stop; return whether the carrier went off at the end."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGHUP, lambda *_: self._anew.ask())
        try:
            if self._simulator:
                self._simulator.keep()
            self._await_predecessor()
            self._daemon.start()
            self._start_web()
            while not self._stopping:
                self._daemon.look(_LOOK_S)
                self._look_after_the_rest()
                if (settings := self._anew.look()) is not None:
                    self._begin_anew(settings)
        finally:
            self._end()
        return self._daemon.carrier_off

    def _begin_anew(self, settings: Settings) -> None:
        """The simulated station goes on: nothing that can be set on a page concerns it."""
        self._settings = settings
        self._daemon.end(_DAEMON_ENDS_WITHIN_S)
        self._web.end(3)
        self._daemon.start()
        self._start_web()

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _start_web(self) -> None:
        self._web.start((self._lifeline_read,), BROADCASTER_LIFELINE_FD=str(self._lifeline_read))
        self._next_web = 0.0

    def _look_after_the_rest(self) -> None:
        if (status := self._web.ended()) is not None:
            _log.error("the web process ended (status %s)", status)
            if self._healthy:
                self._unhealthy()
            self._next_web = time.monotonic() + max(1.0, self._web.pause_s)
        if self._web.pid is None and time.monotonic() >= self._next_web:
            self._start_web()
        if self._simulator:
            self._simulator.keep()
        if self._healthy:
            self._tell_when_healthy(self._healthy)

    def _tell_when_healthy(self, healthy: Callable[[str], None]) -> None:
        address = f"http://{self._settings.web.host}:{self._settings.web.port}"
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=1) as answer:  # noqa: S310 - our own address
                daemon = json.load(answer).get("daemon")
        except (OSError, ValueError, http.client.HTTPException, AttributeError):
            return
        if daemon == pidfile.holder(self._home.run / "daemon.pid"):  # another program may have the port
            self._healthy = None
            healthy(address)

    def _await_predecessor(self) -> None:
        """A daemon whose supervisor died may still be carrying an emergency: let it, as long as it answers."""
        answered = time.monotonic()
        client = ControlClient(self._home.control_socket, within_s=1)
        while (pid := pidfile.holder(self._home.run / "daemon.pid")) and not self._stopping:
            try:
                client.ask("status")
                answered = time.monotonic()
            except BroadcasterError:
                if time.monotonic() - answered > 3:
                    _log.error("the earlier daemon (%s) hangs: killing it", pid)
                    os.kill(pid, signal.SIGKILL)
            time.sleep(_LOOK_S)
        self._daemon.unkey()

    def _end(self) -> None:
        """In reverse order; the carrier is dropped whatever the daemon did."""
        self._daemon.end(_DAEMON_ENDS_WITHIN_S)
        self._web.end(3)
        if self._simulator:
            self._simulator.end()
