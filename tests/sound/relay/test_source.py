"""A relay as the player has it: which blocks come, and what is told; the sources are turned by hand."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from broadcaster.config.relays import RelaySettings
from broadcaster.model.pcm import BLOCK, BLOCK_BYTES, RATE
from broadcaster.sound.goal import USUAL
from broadcaster.sound.relay.source import Frame, RelaySource
from broadcaster.words import Sentence
from tests.clock import HandClock
from tests.sound.sounds import tone

SETTINGS = RelaySettings(
    name="vov1", title="VOV1", addresses=("a",), stalled_after_s=1, silent_after_s=2, back_after_s=2
)
CHIME, FILE = tone(4 * BLOCK, hertz=600), [bytes(tone(BLOCK, hertz=900))] * 60
SECOND = RATE // BLOCK


class Tap:
    """A source that flows while it is open."""

    open = True

    def take(self) -> tuple[bytes, bool]:
        return (tone(BLOCK, hertz=300) if self.open else bytes(BLOCK_BYTES)), self.open

    def close(self) -> None: ...


def relay(tap: Tap, file: list[bytes] | None) -> tuple[RelaySource, Iterator[bytes], list[tuple[int, Sentence | None]]]:
    told: list[tuple[int, Sentence | None]] = []
    source = RelaySource(
        SETTINGS,
        1,
        [tap],
        file,
        Frame(CHIME, CHIME, USUAL),
        tell=lambda rung, why: told.append((rung, why)),
        monotonic=HandClock().monotonic,
    )
    return source, iter(source), told


def hertz(blocks: Iterator[bytes], seconds: float) -> list[float]:
    """Return the loudest frequency of each block for so long."""
    heard = [np.frombuffer(next(blocks), "<i2") for _ in range(round(seconds * SECOND))]
    return [float(np.abs(np.fft.rfft(one)).argmax() * RATE / BLOCK) if one.any() else 0.0 for one in heard]


def test_chimes_lie_around_it_and_it_ends_after_its_minutes() -> None:
    source, blocks, told = relay(Tap(), None)
    everything = b"".join(blocks)
    assert everything.startswith(CHIME)
    assert everything.endswith(CHIME)
    assert len(everything) / BLOCK_BYTES == 60 * SECOND + 8
    assert (told, source.ended_early) == ([], None)


def test_the_file_takes_over_and_goes_when_the_source_is_back() -> None:
    tap = Tap()
    _, blocks, told = relay(tap, FILE)
    hertz(blocks, 1)
    tap.open = False
    assert set(hertz(blocks, 2)[-40:]) == {900}
    tap.open = True
    assert hertz(blocks, 2.5)[-1] == 300
    assert [(rung, why is None) for rung, why in told] == [(0, False), (0, True)]


def test_a_file_that_is_over_makes_room_for_a_source_that_came_back_just_now() -> None:
    tap = Tap()
    _, blocks, told = relay(tap, FILE[:55])
    tap.open = False
    hertz(blocks, 2)
    tap.open = True
    assert hertz(blocks, 0.8)[-1] == 300
    assert told[-1] == (0, None)


def test_with_nothing_left_it_closes_down_with_a_chime_and_says_why() -> None:
    tap = Tap()
    source, blocks, told = relay(tap, None)
    tap.open = False
    assert b"".join(blocks).endswith(CHIME)
    assert [rung for rung, _ in told] == [2]
    assert "closed down" in str(source.ended_early)
