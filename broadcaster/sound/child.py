"""Runs one of our modules as a limited child process: what is untrusted, or heavy, happens in there.

A child that must refuse writes one sentence as JSON to file descriptor 3 and exits with status 3; so neither
what libraries print nor the result can be mistaken for it.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

from broadcaster.errors import SoundError
from broadcaster.words import Sentence

_REFUSED = 3
_WORDS_FD = "BROADCASTER_WORDS_FD"


@dataclass(frozen=True)
class Limits:
    """What a child may use."""

    seconds: float = 300
    """Wall clock; half as much again of processor time."""
    memory_bytes: int = 1 << 30
    file_bytes: int = 1 << 30


def run_child(module: str, arguments: Sequence[str], limits: Limits, stdin: bytes = b"") -> bytes:
    """Run ``python -m module`` and return its standard output.

    Raises ``SoundError``: with the child's own sentence, or because it broke down or reached a limit. No
    process of its session is left, whatever happens.
    """
    words_read, words_write = os.pipe()
    environment = {name: os.environ[name] for name in ("PATH", "LANG", "HOME", "TMPDIR") if name in os.environ}
    try:
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**environment, _WORDS_FD: str(words_write)},
            pass_fds=(words_write,),
            start_new_session=True,
            preexec_fn=lambda: _limit(limits),  # noqa: PLW1509 - sets limits only, takes no lock
        )
    finally:
        os.close(words_write)
    with os.fdopen(words_read, "rb") as words:
        try:
            output, _ = child.communicate(stdin, timeout=limits.seconds)
        except subprocess.TimeoutExpired:
            _end(child)
            raise SoundError(Sentence("This sound took too long to work on: give a shorter or simpler one.")) from None
        except BaseException:
            _end(child)
            raise
        if child.returncode == 0:
            return output
        said = words.read(65536)
    if child.returncode == _REFUSED and said:
        raise SoundError(Sentence.from_json(json.loads(said)))
    raise SoundError(Sentence("This sound cannot be worked on: it is damaged, or needs too much memory."))


def refuse(sentence: Sentence) -> NoReturn:
    """In the child: say why not, and end."""
    os.write(int(os.environ[_WORDS_FD]), json.dumps(sentence.as_json()).encode())
    sys.stdout.flush()
    os._exit(_REFUSED)


def _limit(limits: Limits) -> None:
    processor = int(limits.seconds * 1.5) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor))
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        with suppress(ValueError):  # a limit that is lower already stays
            resource.setrlimit(kind, (most, most))
    with suppress(OSError):
        os.nice(10)


def _end(child: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.communicate()
