"""Mutated sound files, the same for the same number: what is sent to those who must withstand anything."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

_EDGES = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\0\0\0\1", b"\xff\xfb\x90\x64")
_HEAD = 512
"""Where most of what a demuxer believes stands."""

Change = Callable[[bytearray, random.Random], None]


def mutant(seeds: Sequence[bytes], number: int) -> bytes:
    """Return the ``number``-th mutant: a seed with one to eight changes."""
    chance = random.Random(number)
    file = bytearray(chance.choice(seeds))
    for _ in range(chance.randint(1, 8)):
        if file:
            chance.choice(_CHANGES)(file, chance)
    return bytes(file)


def _place(file: bytearray, chance: random.Random) -> int:
    return chance.randrange(min(len(file), _HEAD) if chance.random() < 0.6 else len(file))


def _flip(file: bytearray, chance: random.Random) -> None:
    file[_place(file, chance)] ^= 1 << chance.randrange(8)


def _edge(file: bytearray, chance: random.Random) -> None:
    at, value = _place(file, chance), chance.choice(_EDGES)
    file[at : at + len(value)] = value


def _cut(file: bytearray, chance: random.Random) -> None:
    del file[chance.randrange(len(file)) :]


def _drop(file: bytearray, chance: random.Random) -> None:
    at = _place(file, chance)
    del file[at : at + chance.choice((1, 2, 4, 64, 1024))]


def _repeat(file: bytearray, chance: random.Random) -> None:
    at = _place(file, chance)
    file[at:at] = file[at : at + chance.choice((4, 64, 1024))] * chance.choice((1, 2, 16))


_CHANGES: Sequence[Change] = (_flip, _flip, _edge, _edge, _cut, _drop, _repeat)
