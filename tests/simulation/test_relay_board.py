from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.simulation.relay_board import RelayBoard

Moves = list[tuple[int, bool]]
ON, OFF = "01 05 00 00 FF 00 8C 3A", "01 05 00 00 00 00 CD CA"
READ = "01 01 00 00 00 08 3D CC"
ALL_ON, ALL_OFF = "01 05 00 FF FF 00 BC 0A", "01 05 00 FF 00 00 FD FA"
FLASH_ON = "01 05 02 00 00 07 8D B0"


def watched() -> tuple[RelayBoard, Moves]:
    moves: Moves = []
    return RelayBoard(lambda channel, on: moves.append((channel, on))), moves


def board() -> RelayBoard:
    return watched()[0]


def closed(one: RelayBoard) -> set[int]:
    """Return the coils that are on."""
    return {coil for coil, on in enumerate(one.coils) if on}


def crc(data: bytes) -> bytes:
    """CRC-16/MODBUS the other way round: most significant bit first, everything mirrored."""
    value = 0xFFFF
    for byte in data:
        value ^= int(f"{byte:08b}"[::-1], 2) << 8
        for _ in range(8):
            value = (value << 1 ^ 0x8005 if value & 0x8000 else value << 1) & 0xFFFF
    return int(f"{value:016b}"[::-1], 2).to_bytes(2, "little")


def frame(text: str) -> bytes:
    return bytes.fromhex(text) + crc(bytes.fromhex(text))


def ask(one: RelayBoard, text: str) -> str:
    return one.feed(bytes.fromhex(text)).hex(" ").upper()


@pytest.mark.parametrize(
    ("before", "published", "coils"),
    [
        ([], ON, {0}),
        ([ON], OFF, set()),
        ([], "01 05 00 01 55 00 A3 5A", {1}),
        (["01 05 00 01 55 00 A3 5A"], "01 05 00 01 55 00 A3 5A", set()),
        ([], ALL_ON, set(range(8))),
        ([ALL_ON], ALL_OFF, set()),
        ([], FLASH_ON, {0}),
    ],
)
def test_the_manuals_writes_are_obeyed_and_repeated(before: list[str], published: str, coils: set[int]) -> None:
    one = board()
    for earlier in before:
        ask(one, earlier)
    assert ask(one, published) == published
    assert closed(one) == coils


def test_reading_shows_each_contact_as_one_bit() -> None:
    one = board()
    assert one.feed(bytes.fromhex(READ)) == frame("01 01 01 00")
    ask(one, ON)
    one.feed(frame("01 05 00 07 FF 00"))
    assert one.feed(bytes.fromhex(READ)) == frame("01 01 01 81")
    assert one.feed(frame("01 01 00 06 00 02")) == frame("01 01 01 02")


def test_every_movement_is_told_once_and_channels_count_from_1() -> None:
    one, moves = watched()
    for text in (ON, ON, OFF, ALL_OFF):
        ask(one, text)
    assert moves == [(1, True), (1, False)]


def test_all_toggle_turns_each_contact() -> None:
    one = board()
    ask(one, ON)
    one.feed(frame("01 05 00 FF 55 00"))
    assert closed(one) == set(range(1, 8))


def test_several_coils_in_one_write() -> None:
    one = board()
    assert one.feed(frame("01 0F 00 01 00 04 01 0B")) == frame("01 0F 00 01 00 04")
    assert closed(one) == {1, 2, 4}


def test_address_and_version() -> None:
    assert board().feed(frame("01 03 40 00 00 01")) == frame("01 03 02 00 01")
    assert board().feed(frame("01 03 80 00 00 01")) == frame("01 03 02 00 C8")


@pytest.mark.parametrize(
    ("request_text", "exception"),
    [
        ("01 02 00 00 00 08", "01 82 02"),
        ("01 10 00 00 00 01 02 00 01", "01 90 01"),
        ("01 01 00 01 00 08", "01 81 02"),
        ("01 01 00 00 00 00", "01 81 03"),
        ("01 05 00 08 FF 00", "01 85 02"),
        ("01 05 00 00 01 00", "01 85 03"),
        ("01 05 02 08 00 07", "01 85 02"),
        ("01 05 02 00 00 00", "01 85 03"),
        ("01 0F 00 00 00 08 02 FF 00", "01 8F 03"),
        ("01 0F 00 01 00 08 01 FF", "01 8F 02"),
        ("01 03 12 34 00 01", "01 83 02"),
        ("01 03 40 00 00 00", "01 83 03"),
    ],
)
def test_what_it_cannot_do_is_refused_and_moves_nothing(request_text: str, exception: str) -> None:
    one, moves = watched()
    assert one.feed(frame(request_text)) == frame(exception)
    assert moves == []


def test_a_broadcast_moves_contacts_without_an_answer() -> None:
    one = board()
    assert one.feed(frame("00 05 00 00 FF 00")) == b""
    assert one.feed(frame("00 01 00 00 00 08")) == b""
    assert closed(one) >= {0}


@pytest.mark.parametrize("text", ["02 05 00 00 FF 00", "FF 05 00 00 FF 00"])
def test_other_boards_commands_are_not_obeyed(text: str) -> None:
    one, moves = watched()
    assert one.feed(frame(text)) == b""
    assert moves == []


def test_another_address_is_obeyed_when_it_is_its_own() -> None:
    one = RelayBoard(lambda _channel, _on: None, channels=16, address=7)
    assert one.feed(frame("07 05 00 0F FF 00")) == frame("07 05 00 0F FF 00")
    assert one.feed(frame("07 01 00 00 00 10")) == frame("07 01 02 00 80")


@given(st.integers(0, 7), st.integers(1, 255))
def test_one_damaged_byte_makes_it_no_command(place: int, damage: int) -> None:
    damaged = bytearray.fromhex(ON)
    damaged[place] ^= damage
    one, moves = watched()
    assert one.feed(bytes(damaged)) == b""
    assert moves == []


@given(st.lists(st.integers(1, 7), max_size=7))
def test_a_frame_may_come_in_pieces(cuts: list[int]) -> None:
    one, whole = board(), bytes.fromhex(ON)
    edges = [0, *sorted(set(cuts)), 8]
    replies = [one.feed(whole[a:b]) for a, b in itertools.pairwise(edges)]
    assert replies == [b""] * (len(replies) - 1) + [whole]
    assert not one.pending


@given(st.binary(max_size=40))
def test_noise_before_frames_hides_none_of_them(noise: bytes) -> None:
    one = board()
    assert one.feed(noise + bytes.fromhex(ON) + noise + bytes.fromhex(OFF)) == bytes.fromhex(ON + OFF)


def test_a_pause_parts_frames() -> None:
    one = board()
    half = bytes.fromhex(ON)
    assert one.feed(half[:4]) == b""
    waited = one.pending
    one.pause()
    assert (waited, one.pending) == (True, False)
    assert one.feed(half[4:]) == b""
    assert closed(one) == set()


@pytest.mark.parametrize(("text", "first"), [("01 05 02 02 00 07", True), ("01 05 04 02 00 07", False)])
def test_a_timed_contact_comes_back_by_itself(text: str, first: bool) -> None:
    one, moves = watched()
    if not first:
        one.feed(frame("01 05 00 02 FF 00"))
    one.tick(100.0)
    moves.clear()
    one.feed(frame(text))
    assert one.next_due == pytest.approx(100.7)
    one.tick(100.69)
    assert moves == [(3, first)]
    one.tick(100.71)
    assert moves == [(3, first), (3, not first)]


@pytest.mark.parametrize("later", ["01 05 00 00 FF 00", "01 0F 00 00 00 01 01 01", "01 05 00 FF FF 00"])
def test_a_plain_command_ends_the_timing(later: str) -> None:
    one = board()
    ask(one, FLASH_ON)
    one.feed(frame(later))
    assert one.next_due is None
    one.tick(1000)
    assert closed(one) >= {0}


def test_a_welded_contact_says_ok_and_stays() -> None:
    one, moves = watched()
    ask(one, ON)
    one.stuck = True
    assert ask(one, OFF) == OFF
    assert one.feed(bytes.fromhex(READ)) == frame("01 01 01 01")
    assert moves == [(1, True)]


def test_without_power_all_contacts_fall_open() -> None:
    one, moves = watched()
    ask(one, ALL_ON)
    ask(one, FLASH_ON)
    moves.clear()
    one.power_off()
    assert moves == [(channel, False) for channel in range(1, 9)]
    one.tick(1000)
    assert len(moves) == 8
