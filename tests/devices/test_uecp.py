from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uecp.commands import bidirectional, rds_message  # noqa: F401 - they register what they decode
from uecp.frame import UECPFrame, UECPFrameDecoder

from broadcaster.devices import uecp
from broadcaster.errors import BadReplyError

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data" / "uecp_vectors.json").read_text())
OURS = {
    "PI 1A01": uecp.pi(0x1A01),
    "PS 'XA TAN A'": uecp.ps("XA TAN A"),
    "TP=1 TA=1": uecp.ta_tp(ta=True, tp=True),
    "PTY 31": uecp.pty(31),
    "RT": uecp.radiotext("Dai truyen thanh xa Tan An"),
    "ODA CD00 on 11A, message 0001 (MEC 40)": uecp.oda_configuration(22, 0xCD00, 1),
    "free group 5A 4F4E 3031 (MEC 24)": uecp.free_format(10, 0, 0x4F4E, 0x3031),
    "free group 9A tail 5 1234 5678 (MEC 24)": uecp.free_format(18, 5, 0x1234, 0x5678),
    **{
        f"ODA data cluster {number} (MEC 46)": uecp.oda_data(0xCD00, 1, 0x0100 + number, 0x2A00)
        for number in range(1, 11)
    },
}


@pytest.mark.parametrize("golden", VECTORS["frames"], ids=lambda one: one["what"])
def test_frames_that_a_foreign_encoder_took(golden: dict[str, str]) -> None:
    assert uecp.frame(OURS[golden["what"]], sequence=1 if golden["hex"][6:8] == "01" else 0).hex() == golden["hex"]


def test_every_escape() -> None:
    (golden,) = VECTORS["stuffing"]
    told = uecp.unframe(bytes.fromhex(golden["hex"]))
    assert uecp.frame(told.message, address=told.address, sequence=told.sequence).hex() == golden["hex"]


def test_a_foreign_acknowledgement_is_understood() -> None:
    good, bad = (bytes.fromhex(one["hex"]) for one in VECTORS["ack"])
    uecp.confirm(good, uecp.frame(uecp.pi(1), sequence=0))
    with pytest.raises(BadReplyError, match="CRC"):
        uecp.confirm(bad, uecp.frame(uecp.pi(1), sequence=7))
    with pytest.raises(BadReplyError, match="earlier"):
        uecp.confirm(good, uecp.frame(uecp.pi(1), sequence=9))


def judged(frame: bytes) -> UECPFrame:
    """Return a frame as the public package reads it."""
    told, rest = UECPFrameDecoder().decode(frame)
    assert told is not None
    assert not rest
    return told


@pytest.mark.parametrize(
    ("message", "seen"),
    [
        (uecp.pi(0xFDFE), {"pi": 0xFDFE}),
        (uecp.ps("XA TAN A"), {"ps": "XA TAN A"}),
        (uecp.ta_tp(ta=True, tp=False), {"announcement": True, "programme": False}),
        (uecp.ta_tp(ta=False, tp=True), {"announcement": False, "programme": True}),
        (uecp.pty(31), {"programme_type": 31}),
        (uecp.radiotext("Mời bà con".encode("ascii", "replace").decode()), {"text": "M?i b? con\r"}),
        (uecp.radiotext("x" * 64), {"text": "x" * 64}),
    ],
)
def test_the_public_package_reads_our_elements(message: bytes, seen: dict[str, Any]) -> None:
    told = judged(uecp.frame(message, address=5 << 6 | 9, sequence=0xFD))
    assert (told.site_address, told.encoder_address, told.sequence_counter) == (5, 9, 0xFD)
    (command,) = told.commands
    assert {name: getattr(command, name) for name in seen} == seen


@given(st.binary(min_size=5, max_size=5), st.integers(0, 0xFFFF), st.integers(0, 0xFF))
def test_the_public_package_finds_our_frames_whole(data: bytes, address: int, sequence: int) -> None:
    """Whatever the address, the sequence and the data: stuffing and check are right."""
    told = judged(uecp.frame(uecp.pi(int.from_bytes(data[:2], "big")), address=address, sequence=sequence))
    assert (told.site_address << 6 | told.encoder_address, told.sequence_counter) == (address, sequence)


@given(st.binary(max_size=255), st.binary(max_size=20), st.integers(0, 0xFFFF))
def test_what_was_framed_is_found_again_behind_noise(message: bytes, noise: bytes, address: int) -> None:
    told = uecp.unframe(noise + uecp.frame(message, address=address, sequence=3))
    assert told == uecp.Frame(address, 3, message)


@given(st.integers(0), st.integers(1, 255))
def test_a_damaged_byte_never_passes(place: int, damage: int) -> None:
    spoilt = bytearray(uecp.frame(uecp.pi(0x1A01), sequence=1))
    spoilt[1 + place % (len(spoilt) - 2)] ^= damage
    with pytest.raises(BadReplyError):
        uecp.confirm(bytes(spoilt), uecp.frame(uecp.pi(0x1A01), sequence=1))
