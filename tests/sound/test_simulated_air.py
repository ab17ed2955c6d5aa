from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from broadcaster.errors import OutputError
from broadcaster.model.pcm import BLOCK, BLOCK_BYTES
from broadcaster.sockets import listen
from broadcaster.sound.simulated_air import SimulatedAir
from tests.sound.sounds import noise

SOUND = noise(BLOCK)
PATIENCE_S = 10.0


class Device:
    """A sound card by the protocol, one connection at a time: it plays a block whenever a test says so."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._server = listen(path)
        self._server.settimeout(PATIENCE_S)
        self.line = socket.socket()
        self.heard: list[bytes] = []

    def accept(self) -> None:
        self.line.close()
        self.line, _ = self._server.accept()
        self.line.settimeout(PATIENCE_S)

    def hear(self, count: int = 1) -> list[bytes]:
        """Return the next messages; a block comes without its letter."""
        return [self._message() for _ in range(count)]

    def say(self, kind: bytes, number: int) -> None:
        self.line.sendall(kind + struct.pack("<I", number))

    def close(self) -> None:
        self.line.close()
        self._server.close()

    def _message(self) -> bytes:
        kind = self._exactly(1)
        return self._exactly(BLOCK_BYTES) if kind == b"B" else kind

    def _exactly(self, count: int) -> bytes:
        return self.line.recv(count, socket.MSG_WAITALL)


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Device]:
    with closing(Device(tmp_path / "air.sock")) as device:
        yield device


@pytest.fixture
def air(device: Device) -> Iterator[SimulatedAir]:
    with closing(SimulatedAir(device.path)) as air:
        yield air


def _fill(air: SimulatedAir, device: Device) -> None:
    for _ in range(3):
        assert air.play(SOUND)
    device.accept()
    assert device.hear(3) == [SOUND] * 3


class Waiting(threading.Thread):
    """Plays one more block and remembers how that ended."""

    def __init__(self, air: SimulatedAir) -> None:
        super().__init__()
        self.air = air
        self.taken: bool | None = None
        self.start()

    def run(self) -> None:
        self.taken = self.air.play(SOUND)


def test_a_block_waits_until_one_has_left(air: SimulatedAir, device: Device) -> None:
    _fill(air, device)
    waiting = Waiting(air)
    device.line.settimeout(0.05)
    with pytest.raises(TimeoutError):
        device.hear()
    device.line.settimeout(PATIENCE_S)
    device.say(b"P", 1)
    assert device.hear() == [SOUND]
    waiting.join()
    assert waiting.taken


def test_news_may_come_in_pieces(air: SimulatedAir, device: Device) -> None:
    _fill(air, device)
    waiting = Waiting(air)
    for byte in b"P" + struct.pack("<I", 1):
        device.line.sendall(bytes([byte]))
    assert device.hear() == [SOUND]
    waiting.join()
    assert waiting.taken


def test_to_wake_interrupts_a_wait_and_the_block_is_not_sent(air: SimulatedAir, device: Device) -> None:
    _fill(air, device)
    waiting = Waiting(air)
    while waiting.is_alive():
        air.wake()
        waiting.join(0.001)
    assert waiting.taken is False
    device.say(b"P", 2)
    assert air.play(SOUND)
    assert device.hear() == [SOUND]


def test_to_wake_while_nobody_waits_leaves_nothing_behind(air: SimulatedAir, device: Device) -> None:
    _fill(air, device)
    air.wake()
    device.say(b"P", 1)
    assert air.play(SOUND)


def test_what_waits_is_dropped_and_its_room_is_free(air: SimulatedAir, device: Device) -> None:
    _fill(air, device)
    device.say(b"P", 1)
    device.say(b"X", 2 * BLOCK)
    assert air.stop() == 2 * BLOCK
    for _ in range(3):
        assert air.play(SOUND)
    assert device.hear(4) == [b"X", SOUND, SOUND, SOUND]


def test_blocks_are_counted_on_after_a_drop(air: SimulatedAir, device: Device) -> None:
    _fill(air, device)
    device.say(b"X", 3 * BLOCK)
    assert air.stop() == 3 * BLOCK
    for _ in range(3):
        assert air.play(SOUND)
    device.say(b"P", 4)
    assert air.play(SOUND)
    waiting = Waiting(air)
    while waiting.is_alive():
        air.wake()
        waiting.join(0.001)
    assert waiting.taken is False


def test_the_end_of_a_stream_tells_its_underruns(air: SimulatedAir, device: Device) -> None:
    _fill(air, device)
    device.say(b"P", 3)
    device.say(b"D", 7)
    assert air.drain() == 7
    assert device.hear() == [b"D"]


def test_before_the_first_block_there_is_nothing_to_end(air: SimulatedAir) -> None:
    assert air.stop() == 0
    assert air.drain() == 0


def test_a_device_that_is_not_there(tmp_path: Path) -> None:
    with (
        closing(SimulatedAir(tmp_path / "air.sock")) as air,
        pytest.raises(OutputError, match="is not there"),
    ):
        air.play(SOUND)


def test_a_device_that_went_away_is_found_again(air: SimulatedAir, device: Device) -> None:
    _fill(air, device)
    device.line.close()
    with pytest.raises(OutputError, match="does not answer"):
        air.drain()
    _fill(air, device)


@pytest.mark.parametrize(
    "ask", [lambda air: air.play(SOUND), SimulatedAir.stop, SimulatedAir.drain], ids=["play", "stop", "drain"]
)
def test_a_device_that_hangs(device: Device, ask: Callable[[SimulatedAir], object]) -> None:
    with closing(SimulatedAir(device.path, within_s=0.02)) as air:
        _fill(air, device)
        with pytest.raises(OutputError, match="does not answer"):
            ask(air)


def test_only_whole_blocks_are_taken(air: SimulatedAir) -> None:
    with pytest.raises(ValueError, match="1920"):
        air.play(SOUND[:-2])
