"""Writes down what was on air: ``air/<broadcast id>.wav``, from a thread of its own.

A slow or full disk must neither delay a block nor stop an emergency: the player only puts into a queue. On a disk
that is full, whoever keeps the recordings is asked to make room, and it is tried once more.
"""

from __future__ import annotations

import errno
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from broadcaster.model.pcm import SAMPLE_BYTES
from broadcaster.playout.growing_wav import GrowingWav
from broadcaster.words import Sentence

_Result = TypeVar("_Result")

_BATCH = 5  # blocks written at a time: the header is right again ten times a second
_HELD_BACK = 8  # blocks that may still wait in the device's buffer and be cut


class AirRecorder:
    """Takes blocks in the order in which they are handed to the output."""

    def __init__(
        self, folder: Path, trouble: Callable[[Sentence], None], make_room: Callable[[], bool] = lambda: False
    ) -> None:
        """``trouble`` is told, once a file, when a recording cannot be written.

        ``make_room`` is asked when the disk is full, and tells whether there is room now.
        """
        self._folder = folder
        self._trouble = trouble
        self._make_room = make_room
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._file: GrowingWav | None = None
        self._pending: list[bytes] = []
        self._thread = threading.Thread(target=self._run, name="air recorder", daemon=True)
        self._thread.start()

    def begin(self, broadcast_id: str) -> None:
        """What follows belongs to this broadcast."""
        self._work.put(self._end)  # by itself: what fails to end the one must not keep the other from beginning
        self._work.put(lambda: self._begin(broadcast_id))

    def write(self, block: bytes) -> None:
        """This block was handed to the output."""
        self._work.put(lambda: self._append(block))

    def cut(self, samples: int) -> None:
        """The last ``samples`` never left: take them back."""
        self._work.put(lambda: self._cut(samples))

    def end(self, within_s: float = 0.5) -> bool:
        """Close the file; return whether it lies on disk within ``within_s``."""
        done = threading.Event()
        self._work.put(self._end)
        self._work.put(done.set)
        return done.wait(within_s)

    def close(self) -> None:
        """Close the file and end the thread."""
        self._work.put(self._end)
        self._work.put(None)
        self._thread.join(2)

    def _run(self) -> None:
        while (job := self._work.get()) is not None:
            try:
                job()
            except OSError as error:
                self._pending = []
                self._let_go()
                self._trouble(Sentence("What is on air cannot be recorded: {why}", why=str(error)))

    def _begin(self, broadcast_id: str) -> None:
        self._file = self._with_room(lambda: GrowingWav(self._folder / f"{broadcast_id}.wav"))

    def _append(self, block: bytes) -> None:
        self._pending.append(block)
        if len(self._pending) >= _BATCH + _HELD_BACK:
            self._flush(_BATCH)

    def _cut(self, samples: int) -> None:
        kept = b"".join(self._pending)
        self._pending = [kept[: max(0, len(kept) - samples * SAMPLE_BYTES)]]

    def _flush(self, count: int) -> None:
        batch, self._pending = self._pending[:count], self._pending[count:]
        if (file := self._file) is not None and batch:
            self._with_room(lambda: file.append(b"".join(batch)))

    def _end(self) -> None:
        try:
            self._flush(len(self._pending))
        finally:
            self._let_go()

    def _let_go(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _with_room(self, write: Callable[[], _Result]) -> _Result:
        try:
            return write()
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT) or not self._make_room():
                raise
        return write()
