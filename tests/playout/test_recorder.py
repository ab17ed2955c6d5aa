from __future__ import annotations

import os
from pathlib import Path

from broadcaster.model.pcm import BLOCK, BLOCK_BYTES
from broadcaster.playout.recorder import AirRecorder
from broadcaster.words import Sentence
from tests.judges import pcm_of


def block(value: int) -> bytes:
    return bytes([value]) * BLOCK_BYTES


def test_a_recording_holds_what_left_and_not_what_was_cut(tmp_path: Path) -> None:
    recorder = AirRecorder(tmp_path, lambda _: None)
    recorder.begin("one")
    for value in range(30):
        recorder.write(block(value))
    recorder.cut(BLOCK + BLOCK // 2)
    recorder.begin("two")
    recorder.write(block(77))
    assert recorder.end(5)
    expected = b"".join(map(block, range(30)))
    assert pcm_of(tmp_path / "one.wav") == expected[: -BLOCK_BYTES * 3 // 2]
    assert pcm_of(tmp_path / "two.wav") == block(77)
    recorder.close()


def test_a_recording_that_was_never_closed_can_be_read(tmp_path: Path) -> None:
    recorder = AirRecorder(tmp_path, lambda _: None)
    recorder.begin("one")
    for value in range(100):
        recorder.write(block(value))
    done = []
    recorder._work.put(lambda: done.append(pcm_of(tmp_path / "one.wav")))  # read it in the middle
    recorder.close()
    assert 90 * BLOCK_BYTES <= len(done[0]) <= 100 * BLOCK_BYTES


def test_a_disk_that_cannot_be_written_is_told_and_stops_nothing(tmp_path: Path) -> None:
    troubles: list[Sentence] = []
    recorder = AirRecorder(tmp_path / "missing", troubles.append)
    recorder.begin("one")
    recorder.write(block(1))
    assert recorder.end(5)
    assert len(troubles) == 1
    recorder.close()


def test_on_a_full_disk_room_is_asked_for_and_the_recording_begins(tmp_path: Path) -> None:
    troubles: list[Sentence] = []
    full = tmp_path / "one.wav"
    full.symlink_to("/dev/full")

    def make_room() -> bool:
        full.unlink()
        return True

    recorder = AirRecorder(tmp_path, troubles.append, make_room)
    recorder.begin("one")
    recorder.write(block(1))
    recorder.close()
    assert pcm_of(full) == block(1)
    assert troubles == []


def test_a_recording_that_cannot_be_ended_does_not_keep_the_next_from_beginning(tmp_path: Path) -> None:
    troubles: list[Sentence] = []
    recorder = AirRecorder(tmp_path, troubles.append)
    recorder.begin("one")
    recorder._work.put(lambda: os.close(recorder._file._file))  # type: ignore[union-attr]  # as a disk that was pulled out
    recorder.write(block(1))
    recorder.begin("two")
    recorder.write(block(2))
    recorder.close()
    assert pcm_of(tmp_path / "two.wav") == block(2)
    assert len(troubles) == 1
