"""Which clusters are open, and which may be: the only evidence is what was sent, for they cannot answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from broadcaster.devices.interface import Encoder
from broadcaster.model.cluster import Call, Network


class OpenClusters:
    """Compiles targets to codes and keeps the books.

    Its iterators yield what must go on air; a cluster changes its state when an iterator is exhausted, and is
    *suspect* (may be open) from the first block of an opening code until a closing code has gone out whole.
    """

    def __init__(self, network: Network, encoder: Encoder, tell: Callable[[frozenset[int], str], None]) -> None:
        self._network = network
        self._encoder = encoder
        self._tell = tell
        self._open: frozenset[int] = frozenset()
        self._suspect: frozenset[int] = frozenset()
        self._open_calls: tuple[Call, ...] = ()

    @property
    def maybe_open(self) -> frozenset[int]:
        """Clusters that nobody has surely closed."""
        return self._suspect

    @property
    def surely_open(self) -> frozenset[int]:
        """Clusters whose opening code went out whole."""
        return self._open

    def missing(self, wanted: frozenset[int]) -> frozenset[int]:
        """Return what still has to be opened."""
        return wanted - self._open

    def open(self, wanted: frozenset[int]) -> Iterator[bytes]:
        """Open those of ``wanted`` that are not open yet, by the fewest codes: one to all beats nine to single ones."""
        missing = self.missing(wanted)
        self._suspect |= missing
        calls = self._network.calls(missing)
        yield from self._encoder.open(min(calls, self._network.calls(wanted), key=len) if calls else ())
        self._open |= missing
        self._open_calls = self._network.calls(self._open)
        self._told(missing, "open")

    def sustain(self) -> None:
        """A block of programme has sounded: keep what is open so, where receivers need that."""
        self._encoder.sustain(self._open_calls, 1)

    def close_except(self, wanted: frozenset[int]) -> Iterator[bytes]:
        """Close exactly what is, or may be, open besides ``wanted``."""
        surplus = self._suspect - wanted
        self._open -= surplus
        self._open_calls = self._network.calls(self._open)
        yield from self._encoder.close(self._network.calls(surplus))
        self._suspect -= surplus
        self._told(surplus, "closed")

    def close_all(self) -> Iterator[bytes]:
        """Close whatever is, or may be, open."""
        self._open, self._open_calls = frozenset(), ()
        yield from self._encoder.close(self._network.closing_calls(self._suspect))
        closed, self._suspect = self._suspect, frozenset()
        self._told(closed, "closed")

    def suspect_all(self) -> None:
        """Nothing is known: any cluster may be open."""
        self.doubt(self._network.numbers)

    def doubt(self, numbers: frozenset[int]) -> None:
        """These may be open after all."""
        self._suspect |= numbers

    def lose(self) -> None:
        """The carrier is gone and some may stand open."""
        self._told(self._suspect, "unknown")

    def _told(self, numbers: frozenset[int], state: str) -> None:
        if numbers:
            self._tell(numbers, state)
