"""Runs one of our modules as a limited child process: what is untrusted, or heavy, happens in there.

The child first limits itself (``python -m broadcaster.sound.child LIMITS MODULE ...``), then becomes the module;
no Python code runs between fork and exec, which would not be safe in a parent with threads. A child that must
refuse writes one sentence as JSON to a pipe of its own and exits with status 3; so neither what libraries print
nor the result can be mistaken for it.
"""

from __future__ import annotations

import json
import os
import resource
import runpy
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn

from broadcaster.errors import SoundError
from broadcaster.words import Sentence

_REFUSED = 3
_WORDS_FD = "BROADCASTER_WORDS_FD"
_PASSED_ON = ("PATH", "LANG", "HOME", "TMPDIR")
_OF_SOUND_SERVERS = ("XDG_RUNTIME_DIR", "PULSE_SERVER", "PULSE_COOKIE", "ALSA_CONFIG_PATH")
"""Without these a child finds no other sound card than the very first."""
_QUIET_LIBRARIES = {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
"""Each thread of these would take its share of the address space, which is limited."""
_at_once = threading.BoundedSemaphore(2)
"""Of each process: the memory of a small computer is soon gone."""
_FIRST_TO_GO = "900"


@dataclass(frozen=True)
class Limits:
    """What a child may use."""

    seconds: float = 300
    """Wall clock; half as much again of processor time."""
    memory_bytes: int = 1 << 30
    """Address space."""
    file_bytes: int = 1 << 30
    """Size of any one file that it writes."""


def run_child(module: str, arguments: Sequence[str], limits: Limits, stdin: bytes = b"") -> bytes:
    """Run ``python -m module`` under limits and return its standard output.

    Raises ``SoundError``: with the child's own sentence, or because it broke down or reached a limit. A child
    that is still there when this returns or raises is killed with all of its session. Raises ``ValueError``
    for a NUL in an argument.
    """
    if not _at_once.acquire(timeout=limits.seconds):
        raise SoundError(Sentence("Too many sounds are being worked on just now: try again in a few minutes."))
    try:
        return _run(module, arguments, limits, stdin)
    finally:
        _at_once.release()


def _run(module: str, arguments: Sequence[str], limits: Limits, stdin: bytes) -> bytes:
    words_read, words_write = os.pipe()
    with os.fdopen(words_read, "rb") as words:
        try:
            child = _start(module, arguments, limits, words_write)
        except OSError as error:
            raise _broke_down() from error
        finally:
            os.close(words_write)
        try:
            output, _ = child.communicate(stdin, timeout=limits.seconds)
        except subprocess.TimeoutExpired:
            _end(child)
            raise _took_too_long() from None
        except BaseException:
            _end(child)
            raise
        if child.returncode == 0:
            return output
        said = words.read(65536)
    if child.returncode == _REFUSED and said:
        raise SoundError(Sentence.from_json(json.loads(said)))
    raise _took_too_long() if child.returncode == -signal.SIGXCPU else _broke_down()


def start_child(module: str, arguments: Sequence[str], limits: Limits) -> subprocess.Popen[bytes]:
    """Start ``python -m module`` under limits and return at once: what it writes is read as it comes.

    It can see by its input that we are gone. Raises ``OSError``. End it with :func:`end_child`.
    """
    words_read, words_write = os.pipe()
    try:
        return _start(module, arguments, limits, words_write)
    finally:
        os.close(words_read)
        os.close(words_write)


def end_child(child: subprocess.Popen[bytes]) -> None:
    """Kill it with all of its session, and let go of its pipes."""
    _end(child)


def refuse(sentence: Sentence) -> NoReturn:
    """In the child: say why not, and end."""
    os.write(int(os.environ[_WORDS_FD]), json.dumps(sentence.as_json()).encode())
    os._exit(_REFUSED)


def _start(module: str, arguments: Sequence[str], limits: Limits, words: int) -> subprocess.Popen[bytes]:
    environment = {name: os.environ[name] for name in (*_PASSED_ON, *_OF_SOUND_SERVERS) if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-P", "-m", __name__, json.dumps(asdict(limits)), module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**environment, **_QUIET_LIBRARIES, _WORDS_FD: str(words)},
        pass_fds=(words,),
        start_new_session=True,
    )


def _took_too_long() -> SoundError:
    return SoundError(Sentence("This sound took too long to work on: give a shorter or simpler one."))


def _broke_down() -> SoundError:
    return SoundError(Sentence("This sound cannot be worked on: it is damaged, or needs too much memory."))


def _end(child: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.communicate()


def _limit(limits: Limits) -> None:
    processor = int(limits.seconds * 1.5) + 1
    for kind, soft, hard in (
        (resource.RLIMIT_CPU, processor, processor + 1),  # SIGXCPU first, which tells the parent what it was
        (resource.RLIMIT_AS, limits.memory_bytes, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.file_bytes, limits.file_bytes),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_NOFILE, 64, 64),
    ):
        with suppress(ValueError):  # a limit that is lower already stays
            resource.setrlimit(kind, (soft, hard))
    with suppress(OSError):  # when memory runs out, the child goes and not the controller
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO, encoding="ascii")
    with suppress(OSError):
        os.nice(10)


def _become(limits: str, module: str, *arguments: str) -> None:
    _limit(Limits(**json.loads(limits)))
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _become(*sys.argv[1:])
