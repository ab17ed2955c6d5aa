"""The monitor receiver on the input of a sound card, through miniaudio."""

from __future__ import annotations

import queue
import time
from collections.abc import Generator
from typing import TYPE_CHECKING

from broadcaster.errors import InputError
from broadcaster.model.pcm import RATE
from broadcaster.sound.cards import chosen
from broadcaster.words import Sentence

if TYPE_CHECKING:
    from miniaudio import CaptureDevice

_PATIENCE_S = 2.0
_PERIOD_MS = 100


class CardReceiver:
    """See ``receivers.Receiver``."""

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

    backends, card = chosen(name, "get_captures", null=null)
    return miniaudio.CaptureDevice(
        input_format=miniaudio.SampleFormat.SIGNED16,
        nchannels=1,
        sample_rate=RATE,
        buffersize_msec=_PERIOD_MS,
        device_id=card,
        backends=backends,
        app_name="broadcaster monitor",
    )
