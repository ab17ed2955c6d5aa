"""What playout may know of hardware: tiny protocols, no driver."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from broadcaster.model.cluster import Call
from broadcaster.model.evidence import Evidence


class RelayBoard(Protocol):
    """A board of contacts. Channels and inputs count from 1, as printed on the board."""

    @property
    def opened(self) -> int:
        """How often the way to it was opened: more often than before, and it was away meanwhile."""

    def switch(self, channel: int, on: bool) -> Evidence:
        """Command one contact; read it back where the board can, and tell which of the two it was.

        Raises ``ReadBackError`` when the board says OK but the contact did not follow, and other
        ``DeviceError`` when the board cannot be talked to.
        """

    def hold(self, channel: int, seconds: float) -> None:
        """Close a contact that the board itself opens again after ``seconds``, unless held anew; read it back."""

    def read(self, channel: int) -> bool | None:
        """Return the contact's state as the board reports it; ``None`` when it knows no such question."""

    def inputs(self) -> list[bool]:
        """Return which inputs are closed, the first one first."""


class Key(Protocol):
    """What puts a transmitter on the air: a contact, a modem line, a rig's command."""

    def on(self) -> Evidence:
        """Carrier on. Raises ``DeviceError``."""

    def off(self) -> Evidence:
        """Carrier off; idempotent. Raises ``DeviceError``."""

    def keep(self) -> bool | None:
        """Keep it on for a few seconds more; return what :meth:`read` does."""

    def read(self) -> bool | None:
        """Return whether it is on, ``None`` when the device can only tell that it is there. Raises ``DeviceError``."""

    @property
    def held_s(self) -> float:
        """After how long without :meth:`keep` the device lets go by itself; 0: never."""


class Encoder(Protocol):
    """Sends selective calls.

    Both directions return audio (blocks of canonical PCM) that must go on air while the code is sent: tones
    for an encoder that speaks in the audio, silence for one that speaks on a wire. A call counts as sent
    when its iterator is exhausted; it raises ``DeviceError`` when the encoder did not take it.
    """

    def open(self, calls: Sequence[Call]) -> Iterator[bytes]:
        """Open the clusters that ``calls`` reach."""

    def close(self, calls: Sequence[Call]) -> Iterator[bytes]:
        """Close the clusters that ``calls`` reach."""

    def seconds(self, calls: Sequence[Call]) -> float:
        """Return how long :meth:`open` or :meth:`close` of these calls will take on air."""

    def sustain(self, calls: Sequence[Call], blocks: int) -> None:
        """``blocks`` have sounded since the last call: tell receivers that want to be told to stay open."""


class Transmitter(Protocol):
    """The transmitter's key."""

    def key(self) -> Evidence:
        """Carrier on, read back where that can be done; arms the time-out. Raises ``DeviceError``."""

    def unkey(self) -> Evidence:
        """Carrier off, read back where that can be done; idempotent.

        Raises ``DeviceError``, and then stays *latched* until a person acknowledges.
        """

    def rearm(self) -> None:
        """Start the time-out anew (a further broadcast, or a further round of an emergency)."""

    def read(self) -> bool | None:
        """Return whether the carrier is commanded on, ``None`` when that is unknown."""
