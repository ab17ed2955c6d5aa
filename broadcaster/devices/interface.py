"""What playout may know of hardware: tiny protocols, no driver."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from broadcaster.model.cluster import Call


class RelayBoard(Protocol):
    """A board of contacts. Channels count from 1, as printed on the board."""

    def switch(self, channel: int, on: bool) -> None:
        """Command one contact and read it back.

        Raises ``ReadBackError`` when the board says OK but the contact did not follow, and other
        ``DeviceError`` when the board cannot be talked to.
        """

    def read(self, channel: int) -> bool:
        """Return the contact's state as the board reports it."""


class Encoder(Protocol):
    """Sends selective calls.

    Both directions return audio (blocks of canonical PCM) that must go on air while the code is sent: tones
    for an encoder that speaks in the audio, silence for one that speaks on a wire. A call counts as sent
    when its iterator is exhausted.
    """

    def open(self, calls: Sequence[Call]) -> Iterator[bytes]:
        """Open the clusters that ``calls`` reach."""

    def close(self, calls: Sequence[Call]) -> Iterator[bytes]:
        """Close the clusters that ``calls`` reach."""

    def seconds(self, calls: Sequence[Call]) -> float:
        """Return how long :meth:`open` or :meth:`close` of these calls will take on air."""


class Transmitter(Protocol):
    """The transmitter's key."""

    def key(self) -> None:
        """Carrier on, confirmed by reading back; arms the time-out. Raises ``DeviceError``."""

    def unkey(self) -> None:
        """Carrier off, confirmed by reading back; idempotent.

        Raises ``DeviceError``, and then stays *latched* until a person acknowledges.
        """

    def rearm(self) -> None:
        """Start the time-out anew (a further broadcast, or a further round of an emergency)."""

    def read(self) -> bool | None:
        """Return whether the carrier is commanded on, ``None`` when that is unknown."""
