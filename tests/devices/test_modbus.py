from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.devices import modbus
from broadcaster.errors import BadReplyError

ON = modbus.write_coil(1, 0, modbus.ON)
READ = modbus.read_bits(1, modbus.READ_COILS, 0, 8)


@pytest.mark.parametrize(
    ("frame", "published"),
    [
        (ON, "01 05 00 00 FF 00 8C 3A"),
        (modbus.write_coil(1, 0, modbus.OFF), "01 05 00 00 00 00 CD CA"),
        (modbus.write_all_coils(1, True), "01 05 00 FF FF 00 BC 0A"),
        (modbus.write_all_coils(1, False), "01 05 00 FF 00 00 FD FA"),
        (READ, "01 01 00 00 00 08 3D CC"),
    ],
)
def test_frames_are_those_of_the_manual(frame: bytes, published: str) -> None:
    assert frame == bytes.fromhex(published)


def test_coils_are_read_lowest_first() -> None:
    body = bytes([1, 1, 1, 0b0000_0101])
    coils = modbus.bits_of(body + modbus.crc(body), READ)
    assert coils == [True, False, True, False, False, False, False, False]


def test_an_echo_confirms_a_write() -> None:
    modbus.confirm_write(ON, ON)
    with pytest.raises(BadReplyError, match="another command"):
        modbus.confirm_write(modbus.write_coil(1, 1, modbus.ON), ON)


def test_an_exception_reply_is_a_refusal() -> None:
    body = bytes([1, 0x85, 2])
    with pytest.raises(BadReplyError, match="code 2"):
        modbus.confirm_write(body + modbus.crc(body), ON)


@given(st.binary(max_size=16))
def test_garbage_never_passes(reply: bytes) -> None:
    if reply != ON:
        with pytest.raises(BadReplyError):
            modbus.confirm_write(reply, ON)


@given(st.integers(0, 63))
def test_every_flipped_bit_is_found(bit: int) -> None:
    spoilt = bytearray(ON)
    spoilt[bit // 8] ^= 1 << bit % 8
    with pytest.raises(BadReplyError):
        modbus.confirm_write(bytes(spoilt), ON)


def test_completeness_is_judged_by_length() -> None:
    assert modbus.is_complete(ON)
    assert not modbus.is_complete(ON[:7])
    assert modbus.is_complete(bytes([1, 0x85, 2, 0, 0]))
    assert modbus.is_complete(bytes([1, 1, 1, 0, 0, 0]))
    assert not modbus.is_complete(b"\x01\x01")
