"""Keeps the simulated station running. It outlives the others, as hardware does."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress

from broadcaster import pidfile
from broadcaster.config.settings import Settings
from broadcaster.errors import BroadcasterError
from broadcaster.home import Home
from broadcaster.simulation import client
from broadcaster.supervisor.child import Child

_READY_WITHIN_S = 10.0


class SimulatorKeeper:
    """Uses the simulator that runs already, if it simulates this very station; starts one otherwise."""

    def __init__(self, settings: Settings, home: Home, environment: Mapping[str, str]) -> None:
        self._settings = settings
        self._home = home
        self._child = Child(["simulate"], home.log / "simulator.log", environment)
        self._checked = False

    def keep(self) -> None:
        """Start the simulator if it is not running."""
        if pidfile.holder(self._home.run / "simulator.pid") is not None:
            if self._checked or self._is_ours():
                self._checked = True
                return
            self.end()
        self._child.ended()
        self._child.start()
        self._await_ready()
        self._checked = True

    def end(self) -> None:
        """Switch the simulated station off."""
        with suppress(BroadcasterError, OSError):
            client.ask(self._home, {"do": "stop"})
        give_up = time.monotonic() + 3
        while pidfile.holder(self._home.run / "simulator.pid") is not None and time.monotonic() < give_up:
            time.sleep(0.05)
        self._child.end(1)

    def _is_ours(self) -> bool:
        try:
            state = client.ask(self._home, {"do": "state"})
        except (BroadcasterError, OSError):
            return False
        return bool(state.get("config") == client.fingerprint(self._settings))

    def _await_ready(self) -> None:
        give_up = time.monotonic() + _READY_WITHIN_S
        while time.monotonic() < give_up and self._child.ended() is None:
            try:
                client.ask(self._home, {"do": "state"})
            except (BroadcasterError, OSError):
                time.sleep(0.05)
            else:
                return
