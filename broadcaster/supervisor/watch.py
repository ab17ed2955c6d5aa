"""The daemon under watch, through the pipe on which it beats."""

from __future__ import annotations

import logging
import os
import select
import time
from collections.abc import Callable

from broadcaster.errors import DeviceError
from broadcaster.supervisor.child import Child

HUNG_AFTER_S = 1.8
"""Without a beat for so long, the daemon is taken for hung. It beats five times a second."""
_FIRST_BEAT_WITHIN_S = 15.0
_UNKEY_FOR_S = 1.5
_log = logging.getLogger(__name__)


class DaemonWatch:
    """Starts the daemon, notices its death or its silence, and then drops the carrier in its place."""

    def __init__(self, child: Child, lifeline: int, drop_carrier: Callable[[], object]) -> None:
        """``lifeline`` is the end of a pipe that the daemon reads: it ends with this process, however that ends."""
        self._child = child
        self._lifeline = lifeline
        self._drop_carrier = drop_carrier
        self._beat_read = -1
        self._carrier_off = True
        self._silent_after = 0.0
        self._start_at = 0.0

    def start(self) -> None:
        """Start the daemon with a fresh pipe to beat on."""
        self._close_pipe()
        self._beat_read, beat_write = os.pipe()
        try:
            self._child.start(
                (beat_write, self._lifeline),
                BROADCASTER_HEARTBEAT_FD=str(beat_write),
                BROADCASTER_LIFELINE_FD=str(self._lifeline),
            )
        finally:
            os.close(beat_write)
        self._silent_after = time.monotonic() + _FIRST_BEAT_WITHIN_S

    def look(self, wait_s: float) -> None:
        """Wait for a beat, up to ``wait_s``; act when the daemon is dead or silent, start it again when it is time."""
        if self._child.pid is None:
            time.sleep(wait_s)
            if not self._carrier_off:
                self._try_to_drop()
            if time.monotonic() >= self._start_at:
                self.start()
            return
        if self._beat(wait_s):
            self._silent_after = time.monotonic() + HUNG_AFTER_S
        elif time.monotonic() > self._silent_after:
            _log.error("the daemon hangs: killing it")
            self._child.kill()
        if (status := self._child.ended()) is not None:
            _log.error("the daemon ended (status %s): dropping the carrier", status)
            self.unkey()
            self._start_at = time.monotonic() + self._child.pause_s

    def end(self, within_s: float) -> None:
        """End the daemon in order, then make sure of the carrier."""
        self._child.end(within_s)
        self.unkey()
        self._close_pipe()

    @property
    def carrier_off(self) -> bool:
        """Whether the last drop went well."""
        return self._carrier_off

    def unkey(self) -> None:
        """Drop the carrier and read it back, trying for a while: the wire may be slow to come free."""
        give_up = time.monotonic() + _UNKEY_FOR_S
        while not self._try_to_drop() and time.monotonic() < give_up:
            time.sleep(0.1)
        if not self._carrier_off:
            _log.critical("THE CARRIER MAY BE UP AND DOES NOT OBEY")

    def _try_to_drop(self) -> bool:
        try:
            evidence = self._drop_carrier()
        except DeviceError as error:
            self._carrier_off = False
            _log.error("the carrier cannot be dropped: %s", error)
        else:
            self._carrier_off = True
            _log.info("carrier off (%s)", evidence)
        return self._carrier_off

    def _beat(self, wait_s: float) -> bool:
        ready, _, _ = select.select([self._beat_read], [], [], wait_s)
        if not ready:
            return False
        if os.read(self._beat_read, 4096):
            return True
        time.sleep(min(wait_s, 0.02))  # the pipe's end: the daemon is just dying
        return False

    def _close_pipe(self) -> None:
        if self._beat_read >= 0:
            os.close(self._beat_read)
        self._beat_read = -1
