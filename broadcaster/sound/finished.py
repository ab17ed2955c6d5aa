"""Finished mixes: what the pages let people hear is the file that airs.

A mix is kept under the hash of all samples it is made of, with a seal over its own samples. Who changes either on
disk gets it thrown away: then the mix is made anew from its parts, to the same samples.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import secrets
import threading
from contextlib import suppress
from pathlib import Path

from broadcaster.errors import SoundError
from broadcaster.model.pcm import RATE
from broadcaster.seal import fits, sealed
from broadcaster.sound import wav
from broadcaster.sound.library import content_hash, sweep
from broadcaster.sound.mix import Mix, samples
from broadcaster.sound.render import render_to_file
from broadcaster.words import Sentence

_log = logging.getLogger(__name__)
_MAKING = 1
"""To be counted up whenever the mixer makes other samples of the same parts."""
_WHAT = "mix"
_KEPT = re.compile(r"\.[0-9a-f]{32}\.mix")
_FRESH_S = 60.0
"""What was heard so lately may be about to be opened."""


class FinishedMixes:
    """One for the process; thread-safe."""

    def __init__(self, folder: Path, key: bytes) -> None:
        """``folder`` is the library's, ``key`` the station's own."""
        self._folder = folder
        self._key = key
        self._hashes: dict[Path, tuple[tuple[int, int], str]] = {}
        self._lock = threading.Lock()

    def to_hear(self, mix: Mix) -> Path:
        """Return the file of a mix, made if it is not there; it is gone a day after it was last heard.

        Raises ``SoundError``.
        """
        sweep(self._folder)
        name = self._name(mix)
        kept, seal = self._files(name)
        # noted before it is looked at, so that nobody drops it, and after: who had chosen it before may have done so
        if not (_heard(kept, seal) and self._is_whole(name) and _heard(kept, seal)):
            self._make(mix, name)
        return kept

    def _make(self, mix: Mix, name: str) -> None:
        kept, seal = self._files(name)
        draft = self._folder / f".{secrets.token_hex(8)}.mix"
        try:
            render_to_file(mix, draft)
            digest = content_hash(draft)
            seal.write_text(json.dumps([digest, sealed(self._key, _WHAT, name, digest)]), encoding="utf-8")
            draft.replace(kept)
        except OSError as error:
            raise SoundError(
                Sentence("The mix cannot be written ({why}): free some space on the disk.", why=str(error))
            ) from error
        finally:
            draft.unlink(missing_ok=True)

    def to_air(self, mix: Mix, target: Path, cancelled: threading.Event) -> None:
        """Write the mix to a file: a copy of what was heard if that is whole still, else made anew.

        Leaves no file when ``cancelled`` is set meanwhile. Raises ``SoundError``.
        """
        if not self._copied(mix, target, cancelled):
            render_to_file(mix, target, cancelled)

    def _copied(self, mix: Mix, target: Path, cancelled: threading.Event) -> bool:
        """Every sample that goes into the copy is looked at: what lies on disk may change at any moment."""
        name = self._name(mix)
        kept, seal = self._files(name)
        draft = target.with_name(target.name + ".copy")
        digest = hashlib.sha256()
        try:
            if not kept.exists() or wav.samples(kept) != samples(mix):
                return False
            with wav.writer(draft) as file:
                for pcm in wav.windows(kept, RATE):
                    if cancelled.is_set():
                        return False
                    digest.update(pcm)
                    file.writeframes(pcm)
            if self._fits(name, digest.hexdigest()[:32]):
                draft.replace(target)
                return True
            _log.warning("%s is not what this station has made: the mix is made anew", kept)
            for path in (kept, seal):
                path.unlink(missing_ok=True)
        except (OSError, SoundError) as error:
            _log.warning("%s cannot be used: %s", kept, error)
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
        return False

    def _is_whole(self, name: str) -> bool:
        try:
            return self._fits(name, self._hash(self._files(name)[0]))
        except (OSError, SoundError):
            return False

    def _fits(self, name: str, digest: str) -> bool:
        try:
            known, seal = json.loads(self._files(name)[1].read_text(encoding="utf-8"))
            return known == digest and fits(str(seal), self._key, _WHAT, name, digest)
        except (OSError, ValueError, TypeError):
            return False

    def _files(self, name: str) -> tuple[Path, Path]:
        return self._folder / f".{name}.mix", self._folder / f".{name}.seal"

    def _name(self, mix: Mix) -> str:
        """Return the hash of all that the samples of a mix come from. Raises ``SoundError``."""
        parts = [self._hash(one) if isinstance(one, Path) else one for one in mix.sequence]
        bed = self._hash(mix.bed) if mix.bed is not None else None
        making = json.dumps([_MAKING, parts, bed, mix.duck_db, mix.peak_dbtp])
        return hashlib.sha256(making.encode()).hexdigest()[:32]

    def _hash(self, path: Path) -> str:
        """Return the hash of a file's samples; read again only when the file has changed. Raises ``SoundError``."""
        try:
            now = path.stat()
        except OSError:
            return content_hash(path)  # says what is wrong with it
        state = (now.st_mtime_ns, now.st_size)
        with self._lock:
            known = self._hashes.get(path)
        if known is None or known[0] != state:
            known = (state, content_hash(path))
            with self._lock:
                self._hashes[path] = known
        return known[1]


def drop(folder: Path, short: float, now: float) -> int:
    """Remove kept mixes, first what nobody has heard for longest, until ``short`` bytes are free; return how many.

    They can be made again, to the same samples: their seals stay. Who has one open reads it to its end.
    """
    if short <= 0:
        return 0
    found: list[tuple[float, int, Path]] = []
    for path in folder.glob(".*.mix"):
        with suppress(OSError):  # another process has removed it
            if _KEPT.fullmatch(path.name):
                found.append((path.stat().st_mtime, path.stat().st_size, path))
    freed = 0
    for _, size, path in sorted(found):
        with suppress(OSError):
            if freed < short and abs(now - path.stat().st_mtime) > _FRESH_S:
                path.unlink()
                freed += size
    return freed


def _heard(*paths: Path) -> bool:
    """Note that they were heard just now; tell whether all of them are there."""
    for path in paths:
        try:
            os.utime(path)
        except FileNotFoundError:
            return False
        except OSError:  # on a disk that cannot be written they can be heard all the same
            continue
    return True
