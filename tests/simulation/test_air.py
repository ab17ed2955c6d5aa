from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from broadcaster.simulation.air import Air
from broadcaster.simulation.buffer import BLOCK_BYTES
from broadcaster.sockets import connect
from tests.simulation.sounds import chunks, noise

PATIENCE_S = 10.0
QUIET = bytes(960)


class Listener:
    """Stands where the field would: keeps what is no silence, and can be waited for."""

    def __init__(self) -> None:
        self.pcm = b""
        self.ticks = 0
        self._news = threading.Condition()

    def hear(self, chunk: bytes) -> None:
        with self._news:
            self.ticks += 1
            if chunk != QUIET:
                self.pcm += chunk
            self._news.notify_all()

    def wait_for(self, length: int, quiet_ticks: int = 0) -> bytes:
        """Return what was heard once it is as long as this, and some ticks of silence have passed."""
        with self._news:
            assert self._news.wait_for(lambda: len(self.pcm) >= length, PATIENCE_S)
            until = self.ticks + quiet_ticks
            assert self._news.wait_for(lambda: self.ticks >= until, PATIENCE_S)
            return self.pcm


class Client:
    """Speaks the protocol, as fast as it may."""

    def __init__(self, path: Path) -> None:
        self.line = connect(path, PATIENCE_S)

    def send(self, pcm: bytes) -> None:
        for start in range(0, len(pcm), BLOCK_BYTES):
            self.line.sendall(b"B" + pcm[start : start + BLOCK_BYTES])

    def ask(self, question: bytes) -> int:
        self.line.sendall(question)
        return self.until(question)[-1]

    def until(self, kind: bytes) -> list[int]:
        """Return the numbers of what comes, up to the first message of this kind."""
        numbers = []
        while True:
            message = self.line.recv(5, socket.MSG_WAITALL)
            assert len(message) == 5, "the card hung up"
            numbers.append(struct.unpack("<I", message[1:])[0])
            if message[:1] == kind:
                return numbers

    def close(self) -> None:
        self.line.close()


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def path(tmp_path: Path, listener: Listener) -> Iterator[Path]:
    path = tmp_path / ("a folder with a long name " * 4) / "air.sock"
    path.parent.mkdir()
    with closing(Air(path, listener.hear)):
        yield path


def blocks(count: int, seed: int = 1) -> bytes:
    return b"".join(chunks(noise(20 * count, seed=seed)))


def test_what_is_sent_is_heard_sample_for_sample(path: Path, listener: Listener) -> None:
    with closing(Client(path)) as client:
        client.send(pcm := blocks(25))
        client.ask(b"D")
        assert listener.pcm == pcm


def test_every_block_is_reported_as_it_begins_to_play(path: Path) -> None:
    with closing(Client(path)) as client:
        client.send(blocks(10))
        client.line.sendall(b"D")
        assert client.until(b"D")[:-1] == list(range(1, 11))


def test_a_client_in_a_hurry_is_held_back(path: Path) -> None:
    with closing(Client(path)) as client:
        client.line.setblocking(False)
        with pytest.raises(BlockingIOError):
            client.send(blocks(2000))


def test_dropping_silences_what_waits_and_tells_how_much(path: Path, listener: Listener) -> None:
    with closing(Client(path)) as client:
        client.send(blocks(3))
        dropped = client.ask(b"X")
        assert client.until(b"P")[-1] == 3
        heard = listener.wait_for(0, quiet_ticks=20)
        assert len(heard) // 2 + dropped == 3 * BLOCK_BYTES // 2
        assert client.ask(b"D") == 0


def test_a_second_stream_follows_the_first_on_the_same_line(path: Path, listener: Listener) -> None:
    with closing(Client(path)) as client:
        for seed in (1, 2):
            client.send(blocks(2, seed))
            client.ask(b"D")
    assert listener.pcm == blocks(2, 1) + blocks(2, 2)


def test_a_gap_in_the_stream_counts(tmp_path: Path, listener: Listener) -> None:
    air = Air(tmp_path / "air.sock", listener.hear)
    with closing(air), closing(Client(tmp_path / "air.sock")) as client:
        client.send(blocks(1))
        listener.wait_for(BLOCK_BYTES, quiet_ticks=5)
        assert client.ask(b"D") >= 4
        listener.wait_for(0, quiet_ticks=5)
        assert air.underruns == client_total(client, air)


def client_total(client: Client, air: Air) -> int:
    """Return the sum of underruns that another, gapless stream leaves unchanged."""
    before = air.underruns
    assert client.ask(b"D") == 0
    return before


def test_what_a_dead_client_sent_still_plays_and_the_next_one_counts_anew(path: Path, listener: Listener) -> None:
    with closing(Client(path)) as first:
        first.send(blocks(3, 1))
        first.until(b"P")
    with closing(Client(path)) as second:
        second.send(blocks(3, 2))
        second.line.sendall(b"D")
        assert second.until(b"D")[:-1] == [1, 2, 3]
    assert listener.pcm == blocks(3, 1) + blocks(3, 2)


def test_a_second_client_waits_until_the_first_hangs_up(path: Path, listener: Listener) -> None:
    with closing(Client(path)) as first, closing(Client(path)) as second:
        first.send(blocks(1, 1))
        second.send(blocks(1, 2))
        listener.wait_for(BLOCK_BYTES, quiet_ticks=20)
        assert listener.pcm == blocks(1, 1)
        first.close()
        assert second.until(b"P") == [1]
        assert listener.wait_for(2 * BLOCK_BYTES) == blocks(1, 1) + blocks(1, 2)


def test_who_speaks_another_language_is_hung_up_on(path: Path) -> None:
    with closing(Client(path)) as client:
        client.line.sendall(b"GET / HTTP/1.1\r\n")
        assert client.line.recv(5) == b""


def test_after_the_end_nobody_can_connect(tmp_path: Path, listener: Listener) -> None:
    path = tmp_path / "air.sock"
    Air(path, listener.hear).close()
    with pytest.raises(FileNotFoundError):
        connect(path, 1)
