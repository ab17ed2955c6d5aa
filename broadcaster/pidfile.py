"""One process of a kind: a pid file that is locked as long as its process lives."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from broadcaster.errors import RefusedError
from broadcaster.words import Sentence


class PidFile:
    """Held from construction to the end of the process. The kernel lets go of the lock, whatever happens."""

    def __init__(self, path: Path) -> None:
        """Raises ``RefusedError`` when another process holds it. A disk that cannot be written is no obstacle."""
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._file)
            raise RefusedError(Sentence("It is running already ({file}).", file=path.name)) from None
        try:
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)
        except OSError:
            pass  # the lock is what counts

    def close(self) -> None:
        """Let another process have it."""
        os.close(self._file)


def holder(path: Path) -> int | None:
    """Return the pid of the process that holds ``path``; ``None`` when nobody does."""
    try:
        file = os.open(path, os.O_RDWR)
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return int(os.pread(file, 20, 0) or b"0") or None
    else:
        return None
    finally:
        os.close(file)
