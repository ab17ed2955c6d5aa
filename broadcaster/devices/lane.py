"""One owner for each port: a thread that alone talks to it, with a priority lane for dropping the carrier."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from broadcaster.devices.port import SerialPort
from broadcaster.errors import BadReplyError, BroadcasterError, NoReplyError
from broadcaster.words import Sentence

_T = TypeVar("_T")
_URGENT, _USUAL, _LAST = range(3)
_URGENT_WITHIN_S = 0.25
_Work = tuple[int, int, "Callable[[SerialPort], Any] | None", "Future[Any]"]


@dataclass(frozen=True)
class Question(Generic[_T]):
    """One exchange: what to send, when the answer is whole, and what it means.

    ``complete`` is ``None`` for a device that never answers; ``judge(reply, request)`` raises ``BadReplyError``.
    """

    request: bytes
    complete: Callable[[bytes], bool] | None
    judge: Callable[[bytes, bytes], _T]
    within_s: float | None = None
    """Seconds that this answer may take; else as long as all on this port."""
    length: int = 1
    """Bytes of the usual answer where it is asked for often: fewer reads. A refusal, shorter, is seen later."""

    def ask(self, port: SerialPort) -> _T:
        """Put it to the device. Raises ``DeviceError``."""
        if self.complete is None:
            port.send(self.request)
            return self.judge(b"", self.request)
        return self.judge(port.exchange(self.request, self.complete, self.within_s, self.length), self.request)


class PortOwner:
    """Takes work from any thread and does it one at a time, urgent work first."""

    def __init__(self, port: SerialPort) -> None:
        self.port = port
        self._work: queue.PriorityQueue[_Work] = queue.PriorityQueue()
        self._order = itertools.count()
        self._chore: tuple[float, Callable[[SerialPort], None]] | None = None
        self._thread = threading.Thread(target=self._run, name=f"port {port.name}", daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[SerialPort], _T], *, urgent: bool = False) -> Future[_T]:
        """Have ``job(port)`` done; an urgent one waits for at most the one that is under way."""
        future: Future[_T] = Future()
        self._work.put((_URGENT if urgent else _USUAL, next(self._order), job, future))
        return future

    def ask(self, job: Callable[[SerialPort], _T], *, urgent: bool = False) -> _T:
        """Do ``job(port)``, often a question's ``ask``, and return its answer.

        Raises what the job raises, ``NoReplyError`` when the port itself hangs.
        An urgent one has a quarter of a second and one try, others two.
        """
        future = self.submit(job if urgent else patiently(job), urgent=urgent)
        try:
            return future.result(_URGENT_WITHIN_S if urgent else _HANGS_AFTER_S)
        except FutureTimeoutError:
            future.cancel()
            raise NoReplyError(Sentence("Port {port} hangs.", port=self.port.label)) from None

    def whenever_idle(self, every_s: float, chore: Callable[[SerialPort], None]) -> None:
        """Have ``chore(port)`` done in the owner's own thread, so often, whenever nothing else waits.

        It must not raise anything but ``DeviceError``, which is the chore's own business.
        """
        self._chore = (every_s, chore)
        self.submit(lambda _: None)

    def close(self) -> None:
        """Finish what was asked for, then close the port."""
        self._work.put((_LAST, next(self._order), None, Future()))
        self._thread.join(2)

    def _run(self) -> None:
        while True:
            try:
                _, _, job, future = self._next()
            except queue.Empty:
                continue
            if job is None:
                self.port.close()
                return
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(job(self.port))
            except BroadcasterError as error:
                future.set_exception(error)
            except BaseException as error:  # noqa: BLE001 - the asker gets it; the owner must outlive it
                future.set_exception(error)

    def _next(self) -> _Work:
        """Return the next piece of work; meanwhile do the chore. Raises ``queue.Empty`` after each turn of it."""
        if self._chore is None:
            return self._work.get()
        every_s, chore = self._chore
        try:
            return self._work.get(timeout=every_s)
        except queue.Empty:
            with suppress(BroadcasterError):
                chore(self.port)
            raise


def patiently(job: Callable[[SerialPort], _T]) -> Callable[[SerialPort], _T]:
    """Return ``job`` with a second try: noise on a cable spoils one frame, seldom two."""

    def twice(port: SerialPort) -> _T:
        with suppress(NoReplyError, BadReplyError):
            return job(port)
        return job(port)

    return twice


class Ports:
    """All ports of a station: one owner each."""

    def __init__(self) -> None:
        self._owners: dict[str, PortOwner] = {}

    def owner(self, name: str, make: Callable[[], SerialPort]) -> PortOwner:
        """Return the owner of the port called ``name``; the port opens with the first command."""
        if name not in self._owners:
            self._owners[name] = PortOwner(make())
        return self._owners[name]

    def close(self) -> None:
        """Close all of them."""
        for owner in self._owners.values():
            owner.close()


_HANGS_AFTER_S = 2.0
