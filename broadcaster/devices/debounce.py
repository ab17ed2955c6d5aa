"""Contacts bounce: a state counts only when two looks in a row agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence


class Debounce:
    """Holds the states that count."""

    def __init__(self) -> None:
        self.states: tuple[bool, ...] | None = None

    def take(self, look: Callable[[], Sequence[bool]]) -> list[int]:
        """Look, and once more if anything differs; return the positions that have changed.

        The first time all of them count as changed, and :attr:`states` was ``None`` before.
        """
        seen = tuple(look())
        if seen == self.states:
            return []
        again = tuple(look())
        before = self.states or (None,) * len(seen)
        settled = tuple(a if a == b else old for a, b, old in zip(seen, again, before, strict=True))
        if None in settled:
            return []
        changed = [place for place, (old, new) in enumerate(zip(before, settled, strict=True)) if old != new]
        self.states = tuple(bool(state) for state in settled)
        return changed
