from __future__ import annotations

import threading

import pytest

from broadcaster.model.pcm import BLOCK, SILENCE
from broadcaster.sound.ring import BLOCKS, Ring
from tests.sound.sounds import noise

SOUND = noise(BLOCK)
PATIENCE_S = 10.0


def _full() -> Ring:
    ring = Ring(periods=2)
    for _ in range(BLOCKS):
        assert ring.put(SOUND, PATIENCE_S)
    return ring


@pytest.mark.parametrize("request_size", [1, 441, BLOCK, 1024, 4 * BLOCK])
def test_whatever_the_card_asks_for_it_gets_in_order(request_size: int) -> None:
    ring = _full()
    taken = b"".join(ring.take(request_size) for _ in range(-(-BLOCKS * BLOCK // request_size)))
    assert taken[: len(SOUND) * BLOCKS] == SOUND * BLOCKS
    assert not any(taken[len(SOUND) * BLOCKS :])


def test_a_full_ring_does_not_wait_for_ever() -> None:
    with pytest.raises(TimeoutError):
        _full().put(SOUND, 0.01)


def test_a_late_block_is_an_underrun() -> None:
    ring = Ring(periods=0)
    ring.put(SOUND, PATIENCE_S)
    assert [ring.take(BLOCK), ring.take(BLOCK)] == [SOUND, SILENCE]
    assert ring.run_dry(PATIENCE_S) == 1
    assert ring.run_dry(PATIENCE_S) == 0


def test_silence_before_the_first_block_and_after_a_drop_is_none() -> None:
    ring = Ring(periods=0)
    ring.take(BLOCK)
    ring.put(SOUND, PATIENCE_S)
    assert ring.drop() == BLOCK
    ring.take(BLOCK)
    assert ring.run_dry(PATIENCE_S) == 0


def test_dry_means_that_the_card_has_played_what_it_held_back() -> None:
    ring = Ring(periods=2)
    ring.put(SOUND, PATIENCE_S)
    for _ in range(2):
        with pytest.raises(TimeoutError):
            ring.run_dry(0.01)
        ring.take(BLOCK)
    ring.take(BLOCK)
    assert ring.run_dry(PATIENCE_S) == 0


def test_to_wake_interrupts_a_wait_and_takes_no_block() -> None:
    ring, ended = _full(), threading.Event()

    def wake() -> None:
        while not ended.wait(0.001):
            ring.wake()

    waker = threading.Thread(target=wake)
    waker.start()
    taken = ring.put(SOUND, PATIENCE_S)
    ended.set()
    waker.join()
    assert not taken
    assert ring.drop() == BLOCKS * BLOCK


def test_to_wake_while_nobody_waits_leaves_nothing_behind() -> None:
    ring = Ring(periods=2)
    ring.wake()
    assert ring.put(SOUND, PATIENCE_S)
