"""Two notes on disk that outlive a crash: "clusters may be open", and when recoveries keyed the transmitter.

Both are empty files: creating or deleting one needs no free space, so a full disk does not blind us.
"""

from __future__ import annotations

import os
from pathlib import Path


class OpenMarker:
    """The file that stands while clusters may be open without our knowing."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "clusters-may-be-open"

    def set(self) -> None:
        """Write the marker, durably. Raises ``OSError``."""
        if not self._path.exists():
            self._path.touch()
            _sync(self._path.parent)

    def clear(self) -> None:
        """All clusters were told to close. Raises ``OSError``."""
        self._path.unlink(missing_ok=True)
        _sync(self._path.parent)

    def is_set(self) -> bool:
        """Tell whether clusters may be open; what cannot be read counts as yes."""
        try:
            self._path.stat()
        except FileNotFoundError:
            return False
        except OSError:
            return True
        return True


class RecoveryLedger:
    """Counts recoveries by the hour, so that a crash loop cannot key the transmitter all night."""

    PER_HOUR = 3

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def allow(self, now: float) -> bool:
        """Write down a recovery at ``now`` (Unix seconds) and return True, or return False: enough this hour.

        A ledger that cannot be read or written allows nothing.
        """
        try:
            recent = [path for path in self._folder.glob("recovery-*") if self._is_recent(path, now)]
            if len(recent) >= self.PER_HOUR:
                return False
            (self._folder / f"recovery-{now:.3f}").touch()
            _sync(self._folder)
        except OSError:
            return False
        return True

    def forget(self) -> None:
        """A person acknowledged: count from zero. Raises ``OSError``."""
        for path in self._folder.glob("recovery-*"):
            path.unlink(missing_ok=True)

    def _is_recent(self, path: Path, now: float) -> bool:
        at = float(path.name.removeprefix("recovery-"))
        if abs(now - at) < 3600:
            return True
        path.unlink(missing_ok=True)
        return False


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
