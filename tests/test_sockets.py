from __future__ import annotations

import stat
from pathlib import Path

import pytest

from broadcaster.sockets import connect, listen

PLACES = ["s", "f" * 60 + "/" + "g" * 90 + "/control.sock"]


@pytest.mark.parametrize("place", PLACES, ids=["short path", "long path"])
def test_both_ends_meet_at_a_path_of_any_length(tmp_path: Path, place: str) -> None:
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    with listen(path) as server, connect(path, 5) as client:
        line, _ = server.accept()
        with line:
            client.sendall(b"open")
            assert line.recv(10) == b"open"


def test_nobody_else_may_connect(tmp_path: Path) -> None:
    with listen(tmp_path / "s"):
        assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o600


def test_a_socket_left_by_a_dead_process_is_replaced(tmp_path: Path) -> None:
    listen(tmp_path / "s").close()
    with pytest.raises(ConnectionRefusedError):
        connect(tmp_path / "s", 5)
    with listen(tmp_path / "s"), connect(tmp_path / "s", 5):
        pass


def test_a_file_that_is_no_socket_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("mine")
    with pytest.raises(OSError, match="in use"):
        listen(tmp_path / "s")
    assert (tmp_path / "s").read_text() == "mine"


def test_nobody_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        connect(tmp_path / ("s" * 30), 5)
