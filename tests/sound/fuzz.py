"""Ingests many mutated files, each in a forked and limited child of this small host that has imported everything.

``python -m tests.sound.fuzz COUNT [FIRST]`` prints how the children ended, and how long it took; status 1 if one broke.
A child of its own for each takes twelve times as long, and is tried with fewer in ``test_fuzz``.
"""

from __future__ import annotations

import collections
import json
import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from broadcaster.sound import decode
from broadcaster.sound.goal import USUAL
from tests.sound.media import BULLETIN, CODECS, encoded
from tests.sound.mutants import mutant

_SECONDS = 5
_PART = 100


def run(work: Callable[[], None], words: int) -> str:
    """Run ``work`` in a limited fork; return how it ended: ``ok``, ``refused``, ``exit N`` or a signal's name."""
    child = os.fork()
    if child == 0:
        _limit(words)
        try:
            work()
        except BaseException:  # noqa: BLE001 - whatever it is: told by the status
            os._exit(70)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return signal.Signals(os.WTERMSIG(status)).name
    return {0: "ok", 3: "refused"}.get(code := os.WEXITSTATUS(status), f"exit {code}")


def _limit(words: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 << 20, 64 << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(2 * _SECONDS)  # wall clock
    os.environ["BROADCASTER_WORDS_FD"] = str(words)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)


def seeds(folder: Path) -> list[bytes]:
    """Return whole files of every usual kind."""
    made = [encoded(folder / f"seed.{kind}", seconds=1.0) for kind in CODECS]
    return [path.read_bytes() for path in (BULLETIN, *made)]


@dataclass
class Found:
    """How mutants ended; ``bad`` are those that neither became a sound nor were refused."""

    ended: collections.Counter[str] = field(default_factory=collections.Counter)
    longest_s: float = 0.0
    bad: list[tuple[int, str]] = field(default_factory=list)
    left_behind: list[str] = field(default_factory=list)

    def add(self, other: Found) -> None:
        self.ended += other.ended
        self.longest_s = max(self.longest_s, other.longest_s)
        self.bad += other.bad
        self.left_behind += other.left_behind


def attack(whole: list[bytes], numbers: range) -> Found:
    """Try these mutants, and look what they left: files, processes, descriptors."""
    found, before = Found(), _descriptors()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for number in numbers:
            _try(whole, number, folder, found)
        found.left_behind += sorted(path.name for path in folder.iterdir() if path.name != "mutant.bin")
    with suppress(ChildProcessError):
        found.left_behind.append(f"process {os.waitpid(-1, os.WNOHANG)}")
    if _descriptors() != before:
        found.left_behind.append("descriptors")
    return found


def _try(whole: list[bytes], number: int, folder: Path, found: Found) -> None:
    source, target = folder / "mutant.bin", folder / "mutant.wav"
    source.write_bytes(mutant(whole, number))
    words = os.open(os.devnull, os.O_WRONLY)
    began = time.monotonic()
    end = run(lambda: decode.main(str(source), str(target), 60, USUAL), words)
    os.close(words)
    found.longest_s = max(found.longest_s, time.monotonic() - began)
    found.ended[end] += 1
    if end not in ("ok", "refused"):
        found.bad.append((number, end))
    target.unlink(missing_ok=True)
    target.with_suffix(".npy").unlink(missing_ok=True)


def _descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def main(count: int, first: int = 0) -> int:
    """Attack on every core; tell on the error output how far it is."""
    began, found = time.monotonic(), Found()
    with tempfile.TemporaryDirectory() as place:
        whole = seeds(Path(place))
    parts = [range(at, min(at + _PART, first + count)) for at in range(first, first + count, _PART)]
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        for part in pool.imap_unordered(partial(attack, whole), parts):
            found.add(part)
            sys.stderr.write(f"\r{found.ended.total()} of {count} ")
            sys.stderr.flush()
    told = {**asdict(found), "ended": dict(found.ended), "seconds": round(time.monotonic() - began, 1)}
    sys.stdout.write(json.dumps(told, indent=1) + "\n")
    return int(bool(found.bad or found.left_behind))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
