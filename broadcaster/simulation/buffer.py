"""The buffer of the simulated sound card, without line or clock: blocks in, 10 ms out, and the accounts."""

from __future__ import annotations

from collections import deque

BLOCK_BYTES = 1920
"""One block: 20 ms of 48 kHz mono s16."""
CHUNK_BYTES = 960
"""What leaves at a time: 10 ms."""
BLOCKS = 3
"""How many blocks wait at most."""
_QUIET = bytes(CHUNK_BYTES)


class Buffer:
    """A *stream* runs from the first block to the end of a drain; what it lacks meanwhile is an underrun."""

    def __init__(self) -> None:
        self._blocks: deque[bytes] = deque()
        self._rest = b""
        self._running = False
        self._draining = False
        self.left = 0
        """Blocks of this client that have left the buffer; below zero while blocks of the last one wait."""
        self.underruns = 0
        """Of the stream that runs, or ran last."""
        self.underruns_ever = 0

    @property
    def has_room(self) -> bool:
        """True when one more block may come: not while draining, when the stream has to end first."""
        return len(self._blocks) < BLOCKS and not self._draining

    @property
    def is_drained(self) -> bool:
        """True once the last sample of a stream that was to end has left."""
        return self._draining and not self._blocks and not self._rest

    def new_client(self) -> None:
        """What the last client handed over still plays, but counts for nobody."""
        self._running = self._draining = False
        self.left = -len(self._blocks)
        self.underruns = 0

    def put(self, block: bytes) -> None:
        """Take in one block."""
        self._running = True
        self._blocks.append(block)

    def drop(self) -> int:
        """Forget what waits; return how many samples that were. Until the next block nothing is missing."""
        samples = (sum(map(len, self._blocks)) + len(self._rest)) // 2
        self.left += len(self._blocks)
        self._blocks.clear()
        self._rest = b""
        self._running = False
        return samples

    def drain(self) -> None:
        """Nothing more comes: play what waits, then the stream is over."""
        self._draining = True

    def end_stream(self) -> int:
        """Return how many underruns the stream had, and be ready for another one."""
        underruns, self.underruns = self.underruns, 0
        self._running = self._draining = False
        return underruns

    def next(self) -> bytes:
        """Return the next 10 ms, silence when there is nothing."""
        if not self._rest and self._blocks:
            self._rest = self._blocks.popleft()
            self.left += 1
        chunk, self._rest = self._rest[:CHUNK_BYTES], self._rest[CHUNK_BYTES:]
        if chunk:
            return chunk
        if self._running and not self._draining:
            self.underruns += 1
            self.underruns_ever += 1
        return _QUIET
