"""The folder ``air/``: what was on air, as WAV while it is fresh, as FLAC later, and what was removed.

To remove is to rename into ``air/removed/`` and then to empty: there is no moment at which neither the recording nor
the note that it was removed exists, and it needs no free space. The empty file's name says why, its time says when.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from broadcaster.model.keeping import Kept, Why

FORMS = ("wav", "flac")
NAME = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")
"""A broadcast's id. Clips of what the monitor receiver heard lie there too; they are never compressed."""


@dataclass(frozen=True)
class Removed:
    """A recording that was removed at ``at`` (Unix seconds)."""

    at: float
    why: Why


def find(air: Path, broadcast_id: str) -> Path | None:
    """Return the recording of a broadcast, whatever its form."""
    paths = (air / f"{broadcast_id}.{form}" for form in FORMS)
    return next((path for path in paths if path.is_file()), None)


def removed(air: Path, broadcast_id: str) -> Removed | None:
    """Return when and why a recording was removed, if it was."""
    for why in Why:
        try:
            return Removed(_note(air, broadcast_id, why).stat().st_mtime, why)
        except OSError:
            continue
    return None


def kept(air: Path) -> list[Kept]:
    """Return what is there; both forms of one recording count together. Raises ``OSError``."""
    found: dict[str, Kept] = {}
    for entry in os.scandir(air):
        name, _, form = entry.name.rpartition(".")
        if form not in FORMS or not name or not entry.is_file(follow_symlinks=False):
            continue
        stat = entry.stat()
        known = found.get(name)
        found[name] = Kept(name, stat.st_mtime, stat.st_size + (known.size if known else 0))
    return list(found.values())


def remove(air: Path, broadcast_id: str, why: Why) -> None:
    """Remove a recording and keep a note of it. Raises ``OSError``."""
    note = _note(air, broadcast_id, why)
    note.parent.mkdir(mode=0o750, exist_ok=True)
    for form in FORMS:
        path = air / f"{broadcast_id}.{form}"
        if path.exists():
            path.rename(note)
            os.truncate(note, 0)
            os.utime(note)


def sweep(air: Path) -> None:
    """Finish what was interrupted: notes that still hold sound, half-made files. Raises ``OSError``."""
    for note in (air / "removed").glob("*"):
        if note.stat().st_size:
            os.truncate(note, 0)
            os.utime(note)
    for part in air.glob("*.part"):
        part.unlink(missing_ok=True)


def _note(air: Path, broadcast_id: str, why: Why) -> Path:
    return air / "removed" / f"{broadcast_id}.{why}"
