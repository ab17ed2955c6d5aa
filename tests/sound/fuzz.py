"""Ingests many mutated files, each in a forked and limited child of this small host that has imported everything.

``python -m tests.sound.fuzz COUNT [FIRST]`` prints how the children ended, and how long it took; status 1 if one broke.
A child of its own for each takes twelve times as long, and is tried with fewer in ``test_fuzz``.
"""

from __future__ import annotations

import collections
import json
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from broadcaster.sound import decode
from broadcaster.sound.goal import USUAL
from tests.sound.media import BULLETIN, CODECS, encoded
from tests.sound.mutants import mutant

_SECONDS = 5


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


def attack(folder: Path, first: int, count: int) -> dict[str, object]:
    """Try mutants ``first`` and on; ``bad`` are those that neither became a sound nor were refused."""
    whole, source, target = seeds(folder), folder / "mutant.bin", folder / "mutant.wav"
    ended: collections.Counter[str] = collections.Counter()
    words = os.open(os.devnull, os.O_WRONLY)
    began, longest, bad = time.monotonic(), 0.0, []
    for number in range(first, first + count):
        source.write_bytes(mutant(whole, number))
        at = time.monotonic()
        end = run(lambda: decode.main(str(source), str(target), 60, USUAL), words)
        longest = max(longest, time.monotonic() - at)
        ended[end] += 1
        if end not in ("ok", "refused"):
            bad.append((number, end))
        target.unlink(missing_ok=True)
        target.with_suffix(".npy").unlink(missing_ok=True)
    os.close(words)
    return {"ended": dict(ended), "seconds": time.monotonic() - began, "longest_s": longest, "bad": bad}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        found = attack(Path(place), int(sys.argv[2]) if len(sys.argv) > 2 else 0, int(sys.argv[1]))
        left = sorted(path.name for path in Path(place).iterdir() if not path.name.startswith(("seed", "mutant.bin")))
    sys.stdout.write(json.dumps({**found, "left behind": left}, indent=1) + "\n")
    sys.exit(bool(found["bad"] or left))
