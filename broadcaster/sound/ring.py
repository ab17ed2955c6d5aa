"""The short buffer between the thread that plays and the thread of a sound card."""

from __future__ import annotations

import threading

from broadcaster.model.pcm import BLOCK, BLOCK_BYTES, SAMPLE_BYTES

BLOCKS = 6
_SIZE = BLOCKS * BLOCK_BYTES


class Ring:
    """Holds six blocks. One thread puts, drops and waits; the card's thread takes; any may wake."""

    def __init__(self, periods: int) -> None:
        """``periods`` is how many of its own requests the card holds back before they sound."""
        self._periods = periods
        self._changed = threading.Condition()
        self._pcm = bytearray()
        self._flowing = False
        self._underruns = 0
        self._silent_for = 0
        self._largest_request = BLOCK
        self._waiting = False
        self._woken = False

    @property
    def is_full(self) -> bool:
        return len(self._pcm) >= _SIZE

    def put(self, block: bytes, within_s: float) -> bool:
        """Wait for room and add a block; False when woken meanwhile. Raises ``TimeoutError``."""
        with self._changed:
            self._waiting, self._woken = True, False
            in_time = self._changed.wait_for(lambda: self._woken or not self.is_full, within_s)
            self._waiting = False
            if not in_time:
                raise TimeoutError
            if self.is_full:
                return False
            self._pcm += block
            self._flowing = True
            return True

    def drop(self) -> int:
        """Forget what waits; return how many samples. A pause from now on is no underrun."""
        with self._changed:
            dropped = len(self._pcm) // SAMPLE_BYTES
            self._pcm.clear()
            self._flowing = False
        return dropped

    def run_dry(self, within_s: float) -> int:
        """Return when the last sample must have sounded: the underruns so far. Raises ``TimeoutError``."""
        with self._changed:
            self._flowing = False
            if not self._changed.wait_for(self._is_silent, within_s):
                raise TimeoutError
            underruns, self._underruns = self._underruns, 0
        return underruns

    def wake(self) -> None:
        """Interrupt a :meth:`put` that waits at this moment."""
        with self._changed:
            self._woken = self._waiting
            self._changed.notify_all()

    def take(self, request: int) -> bytes:
        """Return ``request`` samples for the card: what waits, and silence for the rest."""
        with self._changed:
            wanted = request * SAMPLE_BYTES
            pcm = bytes(self._pcm[:wanted])
            del self._pcm[:wanted]
            missing = request - len(pcm) // SAMPLE_BYTES
            self._underruns += bool(missing and self._flowing)
            self._silent_for = missing if pcm else self._silent_for + missing
            self._largest_request = max(self._largest_request, request)
            self._changed.notify_all()
        return pcm.ljust(wanted, b"\0")

    def _is_silent(self) -> bool:
        return not self._pcm and self._silent_for >= self._periods * self._largest_request
