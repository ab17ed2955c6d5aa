"""Compresses recordings that are old enough, one after the other, while nothing is on air."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path

from broadcaster.errors import SoundError
from broadcaster.sound import flac
from broadcaster.storage import recordings

_log = logging.getLogger(__name__)


class Compressor:
    """The WAV goes only when its FLAC was read back and found to hold the same samples."""

    def __init__(self, air: Path, after_s: float, may_go_on: Callable[[], bool]) -> None:
        self._air = air
        self._after_s = after_s
        self._may_go_on = may_go_on
        self._stubborn: set[Path] = set()

    def run(self, now: float, free: Callable[[], int]) -> None:
        """Compress what was finished long enough ago. Raises ``OSError``."""
        whole = {path for path in self._air.glob("*.wav") if recordings.NAME.fullmatch(path.stem)}
        for path in sorted(whole - self._stubborn):
            if not self._may_go_on():
                return
            stat = path.stat()
            if now - stat.st_mtime >= self._after_s and stat.st_size < free():
                self._compress(path, stat.st_mtime)

    def _compress(self, path: Path, finished: float) -> None:
        part = path.with_suffix(".part")
        try:
            flac.compress(path, part)
        except SoundError as error:  # it stays as it is
            _log.warning("%s stays uncompressed: %s", path.name, error.sentence)
            self._stubborn.add(path)
            part.unlink(missing_ok=True)
            return
        part.chmod(0o640)
        os.utime(part, (finished, finished))
        part.rename(path.with_suffix(".flac"))
        path.unlink()
