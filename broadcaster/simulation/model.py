"""What a simulated device on a line is: bytes in, bytes out, and a clock of its own."""

from __future__ import annotations

from typing import Protocol


class Model(Protocol):
    """A byte model. One thread owns it."""

    stuck: bool
    """It says OK and does nothing."""

    @property
    def pending(self) -> bool:
        """True while bytes wait that are no whole command yet."""

    @property
    def next_due(self) -> float | None:
        """When :meth:`tick` is wanted next, on the caller's clock; ``None``: not at all."""

    def feed(self, data: bytes) -> bytes:
        """Take in bytes; return what the device answers."""

    def pause(self) -> None:
        """The line was silent for a while."""

    def tick(self, now: float) -> bytes:
        """``now`` is in seconds of any steady clock; return what the device says by itself."""

    def power_off(self) -> None:
        """Power is gone: everything is as at the factory."""
