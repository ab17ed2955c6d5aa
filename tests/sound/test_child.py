from __future__ import annotations

import os
import select
import sys
from pathlib import Path

import pytest

from broadcaster.errors import SoundError
from broadcaster.sound.child import Limits, run_child

LIMITS = Limits(seconds=30, memory_bytes=1 << 29, file_bytes=1000)


def run(statement: str, limits: Limits = LIMITS) -> str:
    """Run a statement in a child: timeit is a module at hand that does so."""
    return run_child("timeit", ["-n1", "-r1", statement], limits).decode()


def test_the_result_is_what_the_module_prints() -> None:
    assert run_child("base64", ["-e"], LIMITS, b"cluster") == b"Y2x1c3Rlcg==\n"


def test_a_sentence_comes_back_whole_whatever_libraries_print() -> None:
    noise = "import os; os.write(1, b'{}' * 99); os.write(2, b'[mp3] Header missing'); "
    said = "from broadcaster.words import Sentence; from broadcaster.sound.child import refuse; "
    with pytest.raises(SoundError) as caught:
        run(noise + said + "refuse(Sentence('Not {what}.', what=7))")
    assert (caught.value.sentence.text, caught.value.sentence.values) == ("Not {what}.", {"what": 7})


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("import os; os._exit(1)", "damaged"),
        ("import os; os._exit(3)", "damaged"),
        ("import os; os.abort()", "damaged"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "too long"),
        ("bytearray(1 << 29)", "too much memory"),
        ("import os; keep = [os.open('/dev/null', os.O_RDONLY) for _ in range(64)]", "damaged"),
        ("open('/dev/null').no_such_thing", "damaged"),
    ],
)
def test_a_child_that_breaks_down_is_one_sentence(statement: str, words: str) -> None:
    with pytest.raises(SoundError, match=words):
        run(statement)


def test_a_child_cannot_fill_the_disk(tmp_path: Path) -> None:
    with pytest.raises(SoundError):
        run(f"open({str(tmp_path / 'endless')!r}, 'wb', 0).write(bytes(5000)) < 5000 or 1; 1 / 0")
    assert (tmp_path / "endless").stat().st_size == LIMITS.file_bytes


def test_a_child_that_takes_too_long_ends_with_all_that_it_started(tmp_path: Path) -> None:
    fifo = tmp_path / "alive"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    script = "['sh', '-c', 'echo started; sleep 600 & wait']"
    start = f"import subprocess; subprocess.run({script}, stdout=open({str(fifo)!r}, 'w'))"
    with pytest.raises(SoundError, match="too long"):
        run(start, Limits(seconds=2))
    heard = b""
    while select.select([reader], [], [], 10)[0] and (piece := os.read(reader, 100)):
        heard += piece
    assert heard == b"started\n"
    assert select.select([reader], [], [], 0)[0], "somebody still holds the other end"
    os.close(reader)


def test_a_child_knows_no_secrets_of_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADCASTER_DATABASE_URL", "postgresql://operator:secret@localhost/station")
    assert "secret" not in run("import os; print(dict(os.environ))")


def test_a_child_that_cannot_be_started_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(SoundError, match="cannot be worked on"):
        run("pass")
