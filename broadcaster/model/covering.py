"""The fewest codes that reach exactly a set: a small set cover, exact for every network that a commune draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

_PATIENCE = 5_000
"""Steps of the search for each part. Only hundreds of groups that overlap at random need more; then the best cover
found so far is taken, which reaches the same clusters with a code too many."""


@lru_cache(maxsize=256)
def fewest(sets: tuple[frozenset[int], ...], target: frozenset[int]) -> tuple[int, ...]:
    """Return which of ``sets``, by index and rising, to use so that sets and single members are fewest.

    Only sets within ``target`` are used, and only where they save a code. What they leave is called one by one.
    """
    bits = {number: 1 << place for place, number in enumerate(sorted(target))}
    masks = {index: sum(bits[n] for n in one) for index, one in enumerate(sets) if len(one) > 1 and one <= target}
    chosen: list[int] = []
    for part in _parts(_undominated(masks)):
        chosen += _Search(part).best()
    return tuple(sorted(chosen))


def _undominated(masks: dict[int, int]) -> dict[int, int]:
    """Leave out what lies within another; of equal ones the first stays."""
    return {
        index: mask
        for index, mask in masks.items()
        if not any(
            mask & other == mask and (mask != other or before < index)
            for before, other in masks.items()
            if before != index
        )
    }


def _parts(masks: dict[int, int]) -> Iterator[dict[int, int]]:
    """Yield the sets that have to do with each other, directly or through others."""
    left = dict(masks)
    while left:
        first, reached = left.popitem()
        part = {first: reached}
        while touching := {index: mask for index, mask in left.items() if mask & reached}:
            for index, mask in touching.items():
                reached |= mask
                del left[index]
            part |= touching
        yield dict(sorted(part.items()))


@dataclass
class _Search:
    """Depth first, largest gain first; what cannot beat the best so far is not looked into."""

    masks: dict[int, int]
    _best: list[int] = field(default_factory=list)
    _cost: int = 0
    _steps: int = 0

    def best(self) -> list[int]:
        whole = 0
        for mask in self.masks.values():
            whole |= mask
        self._cost = whole.bit_count()
        self._look(whole, list(self.masks), [])
        return self._best

    def _look(self, left: int, usable: Sequence[int], chosen: list[int]) -> None:
        self._steps += 1
        if (cost := len(chosen) + left.bit_count()) < self._cost:
            self._best, self._cost = list(chosen), cost
        gains = {index: gain for index in usable if (gain := (self.masks[index] & left).bit_count()) > 1}
        ranked = sorted(gains, key=lambda index: (-gains[index], index))
        for place, index in enumerate(ranked):
            rest = ranked[place:]
            if (
                self._steps > _PATIENCE
                or len(chosen) + _least(left.bit_count(), [gains[i] for i in rest]) >= self._cost
            ):
                return
            self._look(left & ~self.masks[index], rest[1:], [*chosen, index])


def _least(members: int, gains: Sequence[int]) -> int:
    """Return a number of codes below which no choice can come: as if the largest sets did not overlap."""
    codes = 0
    for gain in gains:
        if members <= 0:
            return codes
        members -= gain
        codes += 1
    return codes + max(members, 0)
