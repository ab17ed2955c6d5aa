from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from broadcaster.errors import OutputError
from broadcaster.model.pcm import BLOCK, BLOCK_BYTES, SILENCE
from broadcaster.sound.card import SoundCard


@pytest.fixture
def card() -> Iterator[SoundCard]:
    with closing(SoundCard(null=True)) as card:
        yield card


@pytest.mark.parametrize("blocks", [1, 2, 3, 4, 20])
def test_a_stream_of_any_length_ends(card: SoundCard, blocks: int) -> None:
    assert all(card.play(SILENCE) for _ in range(blocks))
    card.drain()
    assert card.stop() == 0


def test_one_stream_follows_another(card: SoundCard) -> None:
    for _ in range(2):
        for _ in range(6):
            assert card.play(SILENCE)
        card.drain()


def test_what_waits_can_be_dropped_and_the_stream_goes_on(card: SoundCard) -> None:
    card.play(SILENCE)
    assert card.stop() == BLOCK  # the card starts when its buffer is full
    assert all(card.play(SILENCE) for _ in range(5))
    card.drain()


def test_before_the_first_block_there_is_nothing_to_end(card: SoundCard) -> None:
    card.wake()
    assert card.stop() == 0
    assert card.drain() == 0


def test_a_card_that_is_not_there_is_told_by_name() -> None:
    with pytest.raises(OutputError, match="“no such card” is not there"):
        SoundCard("no such card").play(SILENCE)


def test_only_whole_blocks_are_taken(card: SoundCard) -> None:
    with pytest.raises(ValueError, match="1920"):
        card.play(bytes(BLOCK_BYTES - 2))
