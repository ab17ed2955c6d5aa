"""A child process in a session of its own, started again when it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

_CALM_S = 60.0
_LONGEST_PAUSE_S = 30.0


class Child:
    """Runs ``broadcaster <command>``. A session of its own keeps Ctrl-C for the supervisor to pass on in order."""

    def __init__(self, command: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
        self._command = [sys.executable, "-m", "broadcaster", *command]
        self._log = log
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._quick_ends = 0

    @property
    def pid(self) -> int | None:
        """The process, while it runs or waits to be reaped."""
        return self._process.pid if self._process else None

    def start(self, pass_fds: Sequence[int] = (), **environment: str) -> None:
        """Start it; its output goes to the log, or nowhere when the disk is full."""
        try:
            output = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        except OSError:
            output = os.open(os.devnull, os.O_WRONLY)
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**self._environment, **environment},
                pass_fds=tuple(pass_fds),
                start_new_session=True,
            )
        finally:
            os.close(output)
        self._started_at = time.monotonic()

    def ended(self) -> int | None:
        """Reap it if it has ended: its status, once."""
        if self._process is None or (status := self._process.poll()) is None:
            return None
        self._process = None
        quick = time.monotonic() - self._started_at < _CALM_S
        self._quick_ends = self._quick_ends + 1 if quick else 0
        return status

    @property
    def pause_s(self) -> float:
        """How long to wait before the next start: none at first, then longer and longer."""
        return 0.0 if self._quick_ends < 4 else min(_LONGEST_PAUSE_S, 2.0 ** (self._quick_ends - 4))

    def kill(self) -> None:
        """SIGKILL and reap: a stopped process, too, holds its locks until then."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def end(self, within_s: float) -> None:
        """SIGTERM, then SIGKILL after ``within_s``."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(within_s)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None
