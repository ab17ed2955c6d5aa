"""A real sound card through miniaudio, or its null device, which runs at a card's pace without one."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import suppress
from typing import TYPE_CHECKING

from broadcaster.errors import OutputError
from broadcaster.model.pcm import BLOCK_BYTES, RATE
from broadcaster.sound.cards import chosen
from broadcaster.sound.ring import Ring
from broadcaster.words import Sentence

if TYPE_CHECKING:
    from miniaudio import PlaybackDevice

_PERIODS = 3
_PERIOD_MS = 10
"""What the card holds beyond our reach: little, so that an emergency is heard within 50 ms."""
_PATIENCE_S = 0.8


class SoundCard:
    """See ``interface.AudioOutput``. The card is opened with the first block, and again after an error.

    Blocks wait in a ring of six; behind it the card holds three periods of its own that :meth:`stop` cannot
    drop and :meth:`drain` waits for. One thread plays, stops and drains; :meth:`wake` may be called from any.
    It interrupts a :meth:`play` that waits at that moment, and does nothing otherwise. After :meth:`stop`
    a pause is no underrun until the next block comes.
    """

    def __init__(self, device: str = "", *, null: bool = False) -> None:
        """``device`` is a part of the card's name, empty for the system's default; ``null`` needs no card."""
        self._name = device
        self._null = null
        self._device: PlaybackDevice | None = None
        self._ring = Ring(_PERIODS)

    def play(self, block: bytes) -> bool:
        if len(block) != BLOCK_BYTES:
            raise ValueError(f"a block has {BLOCK_BYTES} bytes, not {len(block)}")
        device = self._device or self._open()
        try:
            taken = self._ring.put(block, _PATIENCE_S)
        except TimeoutError as error:
            raise self._gone() from error
        if self._ring.is_full:  # started earlier, the card would find too little and stumble
            self._start(device)
        return taken

    def stop(self) -> int:
        return self._ring.drop()

    def drain(self) -> int:
        if self._device is None:
            return 0
        self._start(self._device)
        try:
            underruns = self._ring.run_dry(_PATIENCE_S)
        except TimeoutError as error:
            raise self._gone() from error
        self._halt(self._device)
        return underruns

    def wake(self) -> None:
        self._ring.wake()

    def close(self) -> None:
        """Give the card back."""
        if self._device is not None:
            self._device.close()
        self._device = None

    def _open(self) -> PlaybackDevice:
        import miniaudio

        try:
            self._device = _playback_device(self._name, null=self._null)
        except (miniaudio.MiniaudioError, LookupError) as error:
            raise OutputError(
                Sentence(
                    "The sound card “{device}” is not there: plug it in, or name another in [sound] device.",
                    device=self._name or "default",
                )
            ) from error
        self._ring = Ring(_PERIODS)
        return self._device

    def _start(self, device: PlaybackDevice) -> None:
        import miniaudio

        if device.running:
            return
        feed = _feed(self._ring)
        next(feed)
        try:
            device.start(feed)
        except miniaudio.MiniaudioError as error:
            raise self._gone() from error

    def _halt(self, device: PlaybackDevice) -> None:
        import miniaudio

        with suppress(miniaudio.MiniaudioError):  # what cannot be halted shows with the next block
            device.stop()

    def _gone(self) -> OutputError:
        self.close()
        return OutputError(Sentence("The sound card does not answer: check its cable and plug it in again."))


def _feed(ring: Ring) -> Generator[bytes, int, None]:
    """Answer the card's requests in miniaudio's thread, which would swallow an error: there is none."""
    request = yield b""
    while True:
        request = yield ring.take(request)


def _playback_device(name: str, *, null: bool) -> PlaybackDevice:
    """Return an open device. Raises ``MiniaudioError``, or ``LookupError`` when no card has such a name."""
    import miniaudio

    backends, card = chosen(name, "get_playbacks", null=null)
    return miniaudio.PlaybackDevice(
        output_format=miniaudio.SampleFormat.SIGNED16,
        nchannels=1,
        sample_rate=RATE,
        buffersize_msec=_PERIOD_MS,
        callback_periods=_PERIODS,
        device_id=card,
        backends=backends,
        app_name="broadcaster",
    )
