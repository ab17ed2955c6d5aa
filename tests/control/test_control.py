from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from broadcaster.control import messages
from broadcaster.control.client import ControlClient
from broadcaster.control.server import ControlServer
from broadcaster.errors import ControlError, RefusedError, UsageError
from broadcaster.sockets import connect
from broadcaster.words import Sentence


def refuse(_: messages.Message) -> messages.Message:
    raise RefusedError(Sentence("Not at {hour}.", hour=3))


def break_down(_: messages.Message) -> messages.Message:
    raise ZeroDivisionError


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    deep = tmp_path / ("d" * 60) / ("e" * 60)  # longer than a Unix socket's name may be
    deep.mkdir(parents=True)
    server = ControlServer(
        deep / "control.sock", {"echo": lambda m: {"said": m["what"]}, "refuse": refuse, "break": break_down}
    )
    yield deep / "control.sock"
    server.close()


def test_a_question_and_its_answer(path: Path) -> None:
    assert ControlClient(path).ask("echo", what="xã Sơn Giang")["said"] == "xã Sơn Giang"


def test_a_refusal_arrives_as_its_sentence(path: Path) -> None:
    with pytest.raises(RefusedError, match="Not at 3"):
        ControlClient(path).ask("refuse")


def test_an_unknown_request_is_wrong_usage(path: Path) -> None:
    with pytest.raises(UsageError, match="Unknown request: dance"):
        ControlClient(path).ask("dance")


def test_a_handler_that_breaks_is_a_refusal_and_the_server_lives(path: Path) -> None:
    with pytest.raises(RefusedError, match="failed inside"):
        ControlClient(path).ask("break")
    assert ControlClient(path).ask("echo", what=1)["ok"]


@pytest.mark.parametrize("line", [b"\n", b"[]\n", b"\xff\xfe\n", b'{"do": 3}\n', b"{" * 70_000])
def test_garbage_is_answered_or_dropped_and_the_server_lives(line: bytes, path: Path) -> None:
    answer = b""
    with connect(path, 5) as raw, suppress(ConnectionResetError), raw.makefile("rb") as replies:
        raw.sendall(line)
        raw.shutdown(socket.SHUT_WR)
        answer = replies.read()
    assert not answer or json.loads(answer)["ok"] is False
    assert ControlClient(path).ask("echo", what=1)["ok"]


def test_nobody_listens(tmp_path: Path) -> None:
    with pytest.raises(ControlError, match="does not answer"):
        ControlClient(tmp_path / "none.sock").ask("status")


def test_a_slow_client_delays_nobody(path: Path) -> None:
    with connect(path, 5):
        done = threading.Event()

        def ask() -> None:
            ControlClient(path).ask("echo", what=1)
            done.set()

        threading.Thread(target=ask).start()
        assert done.wait(5)


def test_only_this_user_may_ask(path: Path) -> None:
    assert path.stat().st_mode & 0o077 == 0


def test_it_goes_on_after_there_were_no_descriptors_left(tmp_path: Path) -> None:
    """Whoever opens many connections must not silence the emergency for good."""
    code = """
import resource, sys, time
from pathlib import Path
from broadcaster.control.server import ControlServer
server = ControlServer(Path(sys.argv[1]), {"status": lambda _: {"well": True}})
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (4, hard))
print("full", flush=True)
time.sleep(0.5)
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
sys.stdin.read()
"""
    path = tmp_path / "control.sock"
    command = [sys.executable, "-c", code, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"full\n"
        assert ControlClient(path, within_s=10).ask("status")["well"] is True
        child.communicate()
