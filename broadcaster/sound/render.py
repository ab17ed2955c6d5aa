"""Renders a mix in a child process, so that no heavy work meets the daemon.

The child is ``python -m broadcaster.sound.render``. It reads a job as JSON from its input: the parts of the
:class:`Mix` and ``target``, a path or ``-``. It writes a WAV file there (complete, or not at all), or raw PCM
to its output. When it cannot, it exits with status 3 and leaves one sentence as JSON on its output.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from broadcaster.errors import SoundError
from broadcaster.sound import wav
from broadcaster.sound.mix import Mix, seconds
from broadcaster.words import Sentence

_TO_OUTPUT = "-"
_REFUSED = 3
_NICENESS = 10
_LOOK_S = 0.05
_LONGEST_S = 60.0


class _CancelledError(Exception):
    """Nobody wants the mix any more."""


def render_to_file(mix: Mix, target: Path, cancelled: threading.Event | None = None) -> float:
    """Write the mix as a canonical WAV file; return its length in seconds.

    Returns 0.0, and leaves no file, when ``cancelled`` is set meanwhile. Raises ``SoundError`` when a part
    is missing, the disk is full, or mixing takes longer than a minute and than the sound itself.
    """
    length = seconds(mix)
    try:
        _run(mix, str(target), max(_LONGEST_S, length), cancelled or threading.Event())
    except _CancelledError:
        return 0.0
    finally:
        with suppress(OSError):
            _unfinished(target).unlink()
    return length


def render_to_memory(mix: Mix) -> bytes:
    """Return the mix as canonical PCM, without touching the disk. Raises ``SoundError``."""
    return _run(mix, _TO_OUTPUT, max(_LONGEST_S, seconds(mix)), threading.Event())


def _run(mix: Mix, target: str, within_s: float, cancelled: threading.Event) -> bytes:
    """Return the child's output. Whatever happens, no child is left."""
    job = json.dumps({**mix.as_json(), "target": target}).encode()
    with subprocess.Popen(
        [sys.executable, "-m", "broadcaster.sound.render"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as child:
        try:
            output = _converse(child, job, within_s, cancelled)
        finally:
            if child.returncode is None:
                os.killpg(child.pid, signal.SIGKILL)
    if child.returncode == _REFUSED:
        raise SoundError(Sentence.from_json(json.loads(output)))
    if child.returncode:
        raise SoundError(Sentence("Mixing failed inside ({status}): see the log.", status=child.returncode))
    return output


def _converse(child: subprocess.Popen[bytes], job: bytes, within_s: float, cancelled: threading.Event) -> bytes:
    give_up = time.monotonic() + within_s
    question: bytes | None = job
    while time.monotonic() < give_up:
        if cancelled.is_set():
            raise _CancelledError
        try:
            return child.communicate(question, timeout=_LOOK_S)[0]
        except subprocess.TimeoutExpired:
            question = None  # communicate() remembers what it has still to write
    raise SoundError(
        Sentence("Mixing took longer than {seconds} s: is the computer overloaded?", seconds=round(within_s))
    )


def _unfinished(target: Path) -> Path:
    return target.with_name(target.name + ".part")


def _mixed(mix: Mix) -> Iterator[bytes]:
    from broadcaster.sound.mixer import mixed  # heavy: in the child only

    return mixed(mix)


def _write_file(mix: Mix, target: Path) -> None:
    unfinished = _unfinished(target)
    try:
        with wav.writer(unfinished) as file:
            for pcm in _mixed(mix):
                file.writeframes(pcm)
        unfinished.replace(target)
    except OSError as error:
        raise SoundError(
            Sentence("The mix cannot be written ({why}): free some space on the disk.", why=str(error))
        ) from error


def _render(job: Mapping[str, Any]) -> None:
    mix = Mix.from_json(job)
    if job["target"] != _TO_OUTPUT:
        _write_file(mix, Path(job["target"]))
        return
    for pcm in _mixed(mix):
        sys.stdout.buffer.write(pcm)


def main() -> int:
    """Do one job; return the exit status."""
    os.nice(_NICENESS)
    try:
        _render(json.load(sys.stdin))
    except SoundError as error:
        json.dump(error.sentence.as_json(), sys.stdout)
        return _REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
