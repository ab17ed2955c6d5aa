from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.sound.wholeness import ends_early, lacks_bytes
from tests.sound.media import BULLETIN, encoded

CONTAINERS = ["wav", "m4a", "ogg", "webm"]
FAST_START = {"movflags": "faststart"}
FRAGMENTED = {"movflags": "frag_keyframe+empty_moov"}


@pytest.mark.parametrize("kind", CONTAINERS)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.999])
def test_a_container_that_was_cut_ends_early(kind: str, share: float, tmp_path: Path) -> None:
    whole = encoded(tmp_path / f"sound.{kind}").read_bytes()
    assert not ends_early(io.BytesIO(whole))
    assert ends_early(io.BytesIO(whole[: int(len(whole) * share)]))


@pytest.mark.parametrize("options", [FAST_START, FRAGMENTED])
def test_every_layout_of_mp4_is_seen_through(options: dict[str, str], tmp_path: Path) -> None:
    whole = encoded(tmp_path / "sound.m4a", options=options).read_bytes()
    assert not ends_early(io.BytesIO(whole))
    assert ends_early(io.BytesIO(whole[:-100]))


def test_a_live_webm_leaves_its_length_open(tmp_path: Path) -> None:
    whole = encoded(tmp_path / "sound.webm", options={"live": "1"}).read_bytes()
    assert not ends_early(io.BytesIO(whole))
    assert not ends_early(io.BytesIO(whole[:-100]))


@pytest.mark.parametrize("size", [0, 0x7FFFF000, 0x7FFFFFFF, 0xFFFFFFFF])
def test_a_recorder_that_could_not_fill_in_the_size_is_believed(size: int, tmp_path: Path) -> None:
    whole = bytearray(encoded(tmp_path / "sound.wav").read_bytes())
    at = whole.index(b"data") + 4
    whole[at : at + 4] = size.to_bytes(4, "little")
    assert not ends_early(io.BytesIO(whole))


@pytest.mark.parametrize("kind", CONTAINERS)
def test_what_follows_a_whole_file_does_no_harm(kind: str, tmp_path: Path) -> None:
    whole = encoded(tmp_path / f"sound.{kind}").read_bytes()
    assert not ends_early(io.BytesIO(whole + b"TAG" + bytes(125)))


@given(st.binary(max_size=200), st.sampled_from([b"RIFF....WAVE", b"....ftyp", b"OggS\0", b"\x1a\x45\xdf\xa3", b""]))
def test_no_bytes_upset_it_and_it_goes_back_to_the_start(rest: bytes, magic: bytes) -> None:
    file = io.BytesIO(magic + rest)
    assert ends_early(file) in (True, False)
    assert file.tell() == 0


@pytest.mark.parametrize(
    ("header", "length"),
    [
        ("fffb9064", 417),  # MPEG-1 layer III, 128 kbit/s, 44.1 kHz
        ("fffb9264", 418),  # padded
        ("fffb54c4", 192),  # 64 kbit/s, 48 kHz
        ("fff384c4", 192),  # MPEG-2 layer III, 64 kbit/s, 24 kHz
        ("ffe328c4", 144),  # MPEG-2.5 layer III, 16 kbit/s, 8 kHz
        ("fffda404", 576),  # MPEG-1 layer II, 192 kbit/s, 48 kHz
        ("ffff9404", 288),  # MPEG-1 layer I, 288 kbit/s, 48 kHz
        ("fff14c4017", 184),  # ADTS
    ],
)
def test_a_frame_is_as_long_as_its_header_says(header: str, length: int) -> None:
    frame = bytes.fromhex(header).ljust(length + 6, b"\0")
    assert not lacks_bytes(frame[:length])
    assert lacks_bytes(frame[: length - 1])


def test_every_frame_of_a_foreign_encoder_is_whole() -> None:
    sound = BULLETIN.read_bytes()
    frames = [sound[start : start + 192] for start in range(0, len(sound), 192)]
    assert len(frames) == 161
    assert not any(map(lacks_bytes, frames))
    assert all(lacks_bytes(frame[:-1]) for frame in frames)


@given(st.binary(max_size=20))
def test_what_is_no_frame_lacks_nothing(data: bytes) -> None:
    assert not lacks_bytes(b"TAG" + data)
    assert lacks_bytes(b"\xff\xfb" + data) in (True, False)


@pytest.mark.parametrize("length", [2, 3, 4, 5])
def test_a_piece_of_a_header_lacks_the_rest(length: int) -> None:
    assert lacks_bytes(bytes.fromhex("fffb54c4e683")[:length])
