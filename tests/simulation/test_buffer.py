from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.simulation.buffer import BLOCK_BYTES, BLOCKS, CHUNK_BYTES, Buffer

QUIET = bytes(CHUNK_BYTES)


def block(value: int) -> bytes:
    """Return a block whose halves differ from each other and from silence."""
    return bytes([value]) * CHUNK_BYTES + bytes([value + 1]) * CHUNK_BYTES


def filled(*values: int) -> Buffer:
    buffer = Buffer()
    for value in values:
        buffer.put(block(value))
    return buffer


def played(buffer: Buffer, chunks: int) -> bytes:
    return b"".join(buffer.next() for _ in range(chunks))


def test_blocks_leave_in_order_10_ms_at_a_time() -> None:
    assert played(filled(1, 3), 4) == block(1) + block(3)


def test_a_block_has_left_when_it_begins_to_play() -> None:
    buffer = filled(1, 3)
    lefts = [buffer.left, *((buffer.next(), buffer.left)[1] for _ in range(4))]
    assert lefts == [0, 1, 1, 2, 2]


def test_there_is_room_for_three_blocks() -> None:
    buffer, room = Buffer(), []
    for _ in range(BLOCKS):
        room.append(buffer.has_room)
        buffer.put(block(1))
    room.append(buffer.has_room)
    buffer.next()
    assert [*room, buffer.has_room] == [True] * BLOCKS + [False, True]


def test_before_the_first_block_and_after_the_stream_nothing_is_missing() -> None:
    buffer = Buffer()
    assert played(buffer, 5) == QUIET * 5
    buffer.put(block(1))
    buffer.drain()
    played(buffer, 5)
    assert buffer.end_stream() == 0
    played(buffer, 5)
    assert buffer.underruns_ever == 0


def test_each_missing_piece_within_a_stream_is_an_underrun() -> None:
    buffer = filled(1)
    assert played(buffer, 5) == block(1) + QUIET * 3
    buffer.put(block(3))
    buffer.drain()
    played(buffer, 2)
    assert (buffer.end_stream(), buffer.underruns, buffer.underruns_ever) == (3, 0, 3)


def test_dropping_forgets_what_waits_and_frees_its_room() -> None:
    buffer = filled(1, 3, 5)
    buffer.next()
    assert buffer.drop() == (2 * BLOCK_BYTES + CHUNK_BYTES) // 2
    assert buffer.left == 3
    assert played(buffer, 20) == QUIET * 20
    assert buffer.underruns == 0
    buffer.put(block(7))
    played(buffer, 3)
    assert buffer.underruns == 1


def test_a_stream_is_drained_once_its_last_piece_has_left() -> None:
    buffer = filled(1)
    buffer.drain()
    assert not buffer.has_room
    states = [(buffer.next() != QUIET, buffer.is_drained)[1] for _ in range(2)]
    assert states == [False, True]
    buffer.end_stream()
    assert not buffer.is_drained
    assert buffer.has_room


def test_what_a_dead_client_left_still_plays_and_counts_for_nobody() -> None:
    buffer = filled(1, 3)
    buffer.new_client()
    buffer.put(block(5))
    assert played(buffer, 6) == block(1) + block(3) + block(5)
    assert buffer.left == 1


@pytest.mark.parametrize("dropped", [False, True])
def test_a_drain_of_nothing_ends_at_once(dropped: bool) -> None:
    buffer = filled(1) if dropped else Buffer()
    if dropped:
        buffer.drop()
    buffer.drain()
    assert buffer.is_drained


@given(st.lists(st.sampled_from(["put", "next", "drop"]), max_size=60))
def test_every_block_is_accounted_for(actions: Sequence[str]) -> None:
    buffer, put, heard, dropped = Buffer(), 0, 0, 0
    for action in actions:
        if action == "put" and buffer.has_room:
            buffer.put(block(1))
            put += 1
        elif action == "next":
            heard += buffer.next() != QUIET
        elif action == "drop":
            dropped += buffer.drop()
    assert 0 <= put - buffer.left <= BLOCKS
    rest = buffer.drop()
    assert put * BLOCK_BYTES == heard * CHUNK_BYTES + (dropped + rest) * 2
    assert buffer.left == put
