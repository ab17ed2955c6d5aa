"""One owner for each port: a thread that alone talks to it, with a priority lane for dropping the carrier."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Protocol

from broadcaster.errors import BroadcasterError, NoReplyError
from broadcaster.words import Sentence


class Line(Protocol):
    """What the owner drives: a serial port, or anything that answers like one."""

    name: str

    def exchange(self, request: bytes, complete: Callable[[bytes], bool], /) -> bytes: ...
    def close(self) -> None: ...


_Work = tuple[int, int, bytes, Callable[[bytes], bool], "Future[bytes] | None"]


class PortOwner:
    """Takes exchanges from any thread and does them one at a time, urgent ones first."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._work: queue.PriorityQueue[_Work] = queue.PriorityQueue()
        self._order = itertools.count()
        self._thread = threading.Thread(target=self._run, name=f"port {line.name}", daemon=True)
        self._thread.start()

    def exchange(
        self,
        request: bytes,
        complete: Callable[[bytes], bool],
        *,
        urgent: bool = False,
        within_s: float = 2.0,
    ) -> bytes:
        """Return the reply to ``request``; raises what the line raises, ``NoReplyError`` after ``within_s``.

        An urgent exchange waits for at most the one that is under way.
        """
        future: Future[bytes] = Future()
        self._work.put((0 if urgent else 1, next(self._order), request, complete, future))
        try:
            return future.result(within_s)
        except FutureTimeoutError:
            future.cancel()
            raise NoReplyError(Sentence("Port {port} hangs.", port=self._line.name)) from None

    def close(self) -> None:
        """Finish what was asked for, then close the port."""
        self._work.put((2, next(self._order), b"", lambda _: True, None))
        self._thread.join(2)

    def _run(self) -> None:
        while True:
            _, _, request, complete, future = self._work.get()
            if future is None:
                self._line.close()
                return
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(self._line.exchange(request, complete))
            except BroadcasterError as error:
                future.set_exception(error)
            except BaseException as error:  # noqa: BLE001 - the asker gets it; the owner must outlive it
                future.set_exception(error)
