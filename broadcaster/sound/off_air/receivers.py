"""Where the sound of the monitor receiver comes from: a sound card's input, or the simulated receiver."""

from __future__ import annotations

import queue
import socket
import time
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from broadcaster.config.settings import Settings
from broadcaster.errors import InputError
from broadcaster.home import Home
from broadcaster.model.pcm import RATE
from broadcaster.sockets import connect
from broadcaster.words import Sentence

if TYPE_CHECKING:
    from miniaudio import CaptureDevice

_PATIENCE_S = 2.0
_PERIOD_MS = 100


class Receiver(Protocol):
    """A source of canonical PCM that nobody can hold up."""

    def take(self) -> bytes:
        """Return what has come since the last call, at once. Raises ``InputError`` when the input is gone."""

    def close(self) -> None:
        """Let go of it; the next :meth:`take` opens it again."""


def receiver(settings: Settings, home: Home) -> Receiver | None:
    """Return the configured receiver; ``None`` when there is none."""
    match settings.monitor.input:
        case "simulated":
            return SimulatedReceiver(home.run / "receiver.sock")
        case "card":
            return CardReceiver(settings.monitor.device)
    return None


class SimulatedReceiver:
    """A Unix stream socket that hands out PCM as it is heard."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._line: socket.socket | None = None

    def take(self) -> bytes:
        heard = bytearray()
        try:
            line = self._line or self._connect()
            with suppress(BlockingIOError):
                while piece := line.recv(65536):
                    heard += piece
                raise ConnectionResetError
        except OSError as error:
            self.close()
            raise InputError(Sentence("The simulated monitor receiver does not answer.")) from error
        return bytes(heard)

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None

    def _connect(self) -> socket.socket:
        self._line = connect(self._path, 1.0)
        self._line.setblocking(False)
        return self._line


class CardReceiver:
    """The input of a sound card, through miniaudio."""

    def __init__(self, device: str = "", *, null: bool = False) -> None:
        """``device`` is a part of the card's name, empty for the system's default; ``null`` needs no card."""
        self._name = device
        self._null = null
        self._device: CaptureDevice | None = None
        self._heard: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._latest = 0.0

    def take(self) -> bytes:
        if self._device is None:
            self._open()
        heard = b"".join(self._heard.get() for _ in range(self._heard.qsize()))
        now = time.monotonic()
        if heard:
            self._latest = now
        elif now - self._latest > _PATIENCE_S:
            self.close()
            raise InputError(
                Sentence("The monitor's sound card does not answer: check its cable and plug it in again.")
            )
        return heard

    def close(self) -> None:
        if self._device is not None:
            self._device.close()
        self._device = None

    def _open(self) -> None:
        import miniaudio

        feed = _collect(self._heard)
        next(feed)
        try:
            self._device = _capture_device(self._name, null=self._null)
            self._device.start(feed)
        except (miniaudio.MiniaudioError, LookupError) as error:
            self.close()
            told = Sentence(
                "The monitor's sound card “{device}” is not there: plug it in, or name another in [monitor] device.",
                device=self._name or "default",
            )
            raise InputError(told) from error
        self._latest = time.monotonic()


def _collect(heard: queue.SimpleQueue[bytes]) -> Generator[None, bytes, None]:
    """Take what the card hands over in miniaudio's thread."""
    while True:
        heard.put(bytes((yield)))


def _capture_device(name: str, *, null: bool) -> CaptureDevice:
    """Return an open device. Raises ``MiniaudioError``, or ``LookupError`` when no card has such a name."""
    import miniaudio

    kind = miniaudio.Backend
    # named one by one, or miniaudio would fall back to its null device and nobody would notice
    backends = [kind.NULL] if null else [kind.PULSEAUDIO, kind.ALSA, kind.COREAUDIO, kind.WASAPI]
    card: Any = None
    if name and not null:
        backends, card = _find(name, backends)
    return miniaudio.CaptureDevice(
        input_format=miniaudio.SampleFormat.SIGNED16,
        nchannels=1,
        sample_rate=RATE,
        buffersize_msec=_PERIOD_MS,
        device_id=card,
        backends=backends,
        app_name="broadcaster monitor",
    )


def _find(name: str, backends: list[Any]) -> tuple[list[Any], Any]:
    import miniaudio

    for backend in backends:
        with suppress(miniaudio.MiniaudioError):
            for card in miniaudio.Devices([backend]).get_captures():
                if name.lower() in card["name"].lower():
                    return [backend], card["id"]
    raise LookupError(name)
