from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.model.pcm import BLOCK, BLOCK_BYTES, RATE, SILENCE
from broadcaster.sound.jitter import JitterBuffer

BLOCK_S = BLOCK / RATE


def sound(blocks: int, value: int = 1000) -> bytes:
    return np.full(blocks * BLOCK, value, "<i2").tobytes()


def test_nothing_comes_out_until_the_target_has_gathered() -> None:
    buffer = JitterBuffer(3 * BLOCK_S, 1.0)
    buffer.put(sound(2))
    assert buffer.take() == SILENCE
    buffer.put(sound(1))
    assert buffer.take() != SILENCE
    assert buffer.seconds == 2 * BLOCK_S


def test_it_fades_in_and_out_and_counts_the_gap() -> None:
    buffer = JitterBuffer(BLOCK_S, 1.0)
    buffer.put(sound(1) + sound(1)[: BLOCK_BYTES // 2])
    first, last = (np.frombuffer(buffer.take(), "<i2") for _ in range(2))
    assert abs(int(first[0])) < 10
    assert last[BLOCK // 2 :].max() == 0
    assert buffer.gaps == 1
    assert buffer.take() == SILENCE
    assert buffer.gaps == 1  # the same one


def test_a_burst_after_a_stall_is_cut_back_to_the_target() -> None:
    buffer = JitterBuffer(2 * BLOCK_S, 6 * BLOCK_S)
    buffer.put(sound(20))
    assert buffer.seconds == 2 * BLOCK_S
    assert buffer.trimmed == 18 * BLOCK


def test_a_clock_that_runs_fast_does_not_make_the_delay_grow() -> None:
    buffer, extra = JitterBuffer(0.12, 0.3), sound(1)[:20]
    buffer.put(sound(7))
    for _ in range(3000):
        buffer.put(sound(1) + extra)
        buffer.take()
    assert buffer.seconds < 0.18


@given(st.lists(st.integers(0, 3000), max_size=60))
def test_whatever_comes_each_take_is_one_block_and_the_wait_has_its_limit(sizes: list[int]) -> None:
    buffer = JitterBuffer(0.12, 0.3)
    for size in sizes:
        buffer.put(sound(4)[: 2 * size])
        assert len(buffer.take()) == BLOCK_BYTES
        assert buffer.seconds <= 0.3
