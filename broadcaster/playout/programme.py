"""What a broadcast sounds: blocks of canonical PCM, once or in rounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from broadcaster.model.broadcast import Broadcast
from broadcaster.model.pcm import BLOCK, RATE, SILENCE
from broadcaster.words import Sentence


class Source(Protocol):
    """Sound that is ready to go."""

    @property
    def seconds(self) -> float:
        """Length of one pass; of what is live, the most that it can last."""

    @property
    def ended_early(self) -> Sentence | None:
        """Why what is live ended before its time, once it has been iterated over."""

    def __iter__(self) -> Iterator[bytes]:
        """Yield it as blocks of ``BLOCK_BYTES``; may be asked for again."""


Clean = Callable[[Iterable[bytes], Callable[[], None]], Iterable[bytes]]
"""Gives the blocks of a programme without what must not be among them; calls back once if there was any."""


def untouched(blocks: Iterable[bytes], _: Callable[[], None]) -> Iterable[bytes]:
    """A ``Clean`` that leaves everything as it is."""
    return blocks


@dataclass(frozen=True)
class Repeat:
    """Again and again, ``gap_s`` apart, until stopped or ``longest_s`` after the first sample."""

    gap_s: float
    longest_s: float


@dataclass(frozen=True)
class Item:
    """A broadcast with its sound, ready for the player."""

    broadcast: Broadcast
    source: Source
    repeat: Repeat | None = None
    minds_silence: bool = False
    """Its source has a rule of its own for silence, and ends by it."""
    longest_pause_s: float = 0.0
    """What is silent in it on purpose."""

    @property
    def is_emergency(self) -> bool:
        return self.repeat is not None


def blocks_for(seconds: float) -> int:
    """Return the number of whole blocks that last at least ``seconds``."""
    return max(0, -int(-seconds * RATE // BLOCK))


def silence(seconds: float) -> Iterator[bytes]:
    """Yield at least ``seconds`` of silence in whole blocks."""
    for _ in range(blocks_for(seconds)):
        yield SILENCE
