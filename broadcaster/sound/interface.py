"""What playout may know of sound: an output that takes canonical PCM (see ``model.pcm``)."""

from __future__ import annotations

from typing import Protocol


class AudioOutput(Protocol):
    """A device that takes canonical PCM at its own pace.

    The stream begins with the first :meth:`play` and ends with :meth:`drain`; in between, a device that
    finds no block in time counts an underrun.
    """

    def play(self, block: bytes) -> bool:
        """Hand over one block (``BLOCK_BYTES``), waiting for room in the device's short buffer.

        Returns ``False``, with the block not taken, when :meth:`wake` was called meanwhile.
        Raises ``OutputError`` when the device is gone.
        """

    def stop(self) -> int:
        """Drop what still waits in the device's buffer; return how many samples were dropped."""

    def drain(self) -> int:
        """Return when the last sample has left the device: how many underruns the stream had."""

    def wake(self) -> None:
        """Make a :meth:`play` that waits return at once (from any thread)."""
