from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.errors import SoundError
from broadcaster.model.pcm import BLOCK, BLOCK_BYTES
from broadcaster.sound.source import FileSource, MemorySource
from tests.sound.sounds import noise, write


@given(st.integers(1, 5 * BLOCK))
def test_blocks_are_whole_and_only_silence_is_added(samples: int) -> None:
    pcm = noise(samples)
    blocks = list(MemorySource(pcm))
    assert {len(block) for block in blocks} == {BLOCK_BYTES}
    assert len(blocks) == -(-samples // BLOCK)
    assert b"".join(blocks) == pcm.ljust(len(blocks) * BLOCK_BYTES, b"\0")


def test_a_source_may_be_played_more_than_once(tmp_path: Path) -> None:
    pcm = noise(100_000)  # longer than what is read at once
    file, memory = FileSource(write(tmp_path / "a.wav", pcm)), MemorySource(pcm)
    assert list(file) == list(file) == list(memory) == list(memory)


def test_a_source_knows_its_length(tmp_path: Path) -> None:
    for source in (FileSource(write(tmp_path / "a.wav", noise(72_000))), MemorySource(noise(72_000))):
        assert source.samples == 72_000
        assert source.seconds == 1.5


def test_a_file_that_cannot_be_played_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(SoundError):
        FileSource(tmp_path / "missing.wav")


def test_an_abandoned_source_leaves_no_file_open(tmp_path: Path) -> None:
    source = FileSource(write(tmp_path / "a.wav", noise(100_000)))
    before = len(list(Path("/proc/self/fd").iterdir()))
    blocks = iter(source)
    next(blocks)
    del blocks
    assert len(list(Path("/proc/self/fd").iterdir())) == before
