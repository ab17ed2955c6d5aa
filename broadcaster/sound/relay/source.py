"""The sound of a relay for the player: chime, whatever rung of the ladder sounds, chime."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from broadcaster.config.relays import RelaySettings
from broadcaster.model.pcm import BLOCK, RATE, SAMPLE_BYTES
from broadcaster.sound.goal import Target
from broadcaster.sound.relay.ladder import BLOCK_S, Health, Ladder
from broadcaster.sound.relay.levelling import Levelling, level_dbfs
from broadcaster.sound.relay.telling import closed_down, left
from broadcaster.sound.relay.tuner import Tuner
from broadcaster.sound.source import blocks
from broadcaster.words import Sentence

_LISTENS_S = 0.1


class Feed(Protocol):
    """See ``line.Line``."""

    def take(self) -> tuple[bytes, bool]:
        """Return the next block, and whether it is sound that came; never wait."""

    def close(self) -> None:
        """Let go, without waiting."""


@dataclass(frozen=True)
class Frame:
    """What is around a relay: the chimes, and how loud it shall be."""

    opening: bytes
    closing: bytes
    goal: Target


class RelaySource:
    """See ``playout.programme.Source``. Until it is played, it listens to its sources by itself."""

    def __init__(
        self,
        settings: RelaySettings,
        minutes: float,
        feeds: Sequence[Feed],
        file: Iterable[bytes] | None,
        frame: Frame,
        *,
        tell: Callable[[int, Sentence | None], None],
        monotonic: Callable[[], float],
    ) -> None:
        """``file`` sounds from its beginning each time.

        ``tell(rung, why)`` is told which rung was left and why, or ``None``: it is gone back to. It must be quick: it
        is called between two blocks.
        """
        self._settings = settings
        self._programme = round(minutes * 60 * RATE / BLOCK)
        self._feeds = feeds
        self._file = file
        self._frame = frame
        self._tell = tell
        self._monotonic = monotonic
        self._health = [Health(settings) for _ in feeds]
        self._level = Tuner().level_dbfs if settings.input == "card" else level_dbfs
        self._levelling = [Levelling(frame.goal) for _ in feeds]
        self._ladder = Ladder(settings, len(feeds), has_file=file is not None)
        self._from_file: Iterator[bytes] = iter(())
        self._lock = threading.Lock()
        self._begun = threading.Event()
        self._reason: Sentence | None = None
        threading.Thread(target=self._listen, name="relay waits", daemon=True).start()

    @property
    def seconds(self) -> float:
        """The most that it can last."""
        chimes = (len(self._frame.opening) + len(self._frame.closing)) / SAMPLE_BYTES / RATE
        return chimes + self._programme * BLOCK_S + 2 * BLOCK_S

    @property
    def ended_early(self) -> Sentence | None:
        """Why it had to close down."""
        return self._reason

    @property
    def rung(self) -> int:
        """Which of its sources sounds; after the last one, the file."""
        return self._ladder.rung

    def close(self) -> None:
        """It is not needed any more."""
        self._begun.set()
        for feed in self._feeds:
            feed.close()

    def __iter__(self) -> Iterator[bytes]:
        """Yield blocks; never waits for the network."""
        self._begun.set()
        for block in blocks(self._frame.opening):
            self._hear()
            yield block
        for _ in range(self._programme):
            if (sound := self._next()) is None:
                break
            yield sound
        yield from blocks(self._frame.closing)
        self.close()

    def _listen(self) -> None:
        heard = self._monotonic()
        while not self._begun.wait(_LISTENS_S):
            while self._monotonic() - heard >= BLOCK_S and not self._begun.is_set():
                heard += BLOCK_S
                self._hear()

    def _hear(self) -> list[bytes]:
        """Take what was due from each source, whether it sounds or not: so it is known how each of them is."""
        with self._lock:
            heard = []
            for feed, health in zip(self._feeds, self._health, strict=True):
                block, flows = feed.take()
                health.hear(self._level(block) if flows else None)
                heard.append(block)
            return heard

    def _next(self) -> bytes | None:
        heard, before = self._hear(), self._ladder.rung
        fault = self._ladder.step(self._health)
        if fault is not None:
            self._told(before, left(self._settings, before, self._ladder.rung, fault))
        elif self._ladder.rung != before:
            self._tell(self._ladder.rung, None)
        if self._ladder.rung == self._ladder.file:
            if before != self._ladder.file:
                self._from_file = iter(self._file or ())
            if (block := next(self._from_file, None)) is not None:
                return block
            self._leave_file()
        if self._ladder.rung == self._ladder.down:
            return None
        return self._levelling[self._ladder.rung].even(heard[self._ladder.rung])

    def _leave_file(self) -> None:
        self._ladder.file_is_over(self._health)
        if self._ladder.rung == self._ladder.down:
            self._told(self._ladder.file, closed_down(self._settings))
        else:
            self._tell(self._ladder.rung, None)

    def _told(self, rung: int, why: Sentence) -> None:
        if self._ladder.rung == self._ladder.down:
            self._reason, rung = why, self._ladder.down
        self._tell(rung, why)
