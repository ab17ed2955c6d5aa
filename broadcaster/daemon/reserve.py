"""Space on the disk that is kept for an emergency: a file that is there for nothing but to be let go.

A file, as it needs no rights, holds on every file system, and keeps the space from whatever else fills the disk.
"""

from __future__ import annotations

import os
from pathlib import Path


class Reserve:
    """The file at ``path``."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        try:
            return self._path.stat().st_size
        except OSError:
            return 0

    def keep(self, size: int) -> None:
        """Take so much space. Raises ``OSError``, and then holds none of it."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(file, 0, size)
        except OSError:
            self._path.unlink(missing_ok=True)
            raise
        finally:
            os.close(file)

    def let_go(self) -> bool:
        """Give the space back; tell whether there was any. Raises ``OSError``."""
        try:
            self._path.unlink()
        except FileNotFoundError:
            return False
        return True
