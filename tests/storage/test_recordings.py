from __future__ import annotations

import os
from pathlib import Path

import pytest

from broadcaster.model.keeping import Why
from broadcaster.storage import recordings

ONE, OTHER = "20270101-000000-abcdef", "20270102-000000-abcdef"


def lay(air: Path, *names: str) -> None:
    for name in names:
        (air / name).write_bytes(b"sound")


def test_a_recording_is_found_in_either_form_and_counts_once(tmp_path: Path) -> None:
    lay(tmp_path, f"{ONE}.wav", f"{ONE}.flac", f"{OTHER}.flac", "x.part", ".wav")
    assert recordings.find(tmp_path, ONE) == tmp_path / f"{ONE}.wav"
    assert recordings.find(tmp_path, OTHER) == tmp_path / f"{OTHER}.flac"
    assert {one.id: one.size for one in recordings.kept(tmp_path)} == {ONE: 10, OTHER: 5}


@pytest.mark.parametrize("why", Why)
def test_what_is_removed_takes_no_space_and_leaves_a_note(why: Why, tmp_path: Path) -> None:
    lay(tmp_path, f"{ONE}.wav", f"{ONE}.flac")
    assert recordings.removed(tmp_path, ONE) is None
    recordings.remove(tmp_path, ONE, why)
    gone = recordings.removed(tmp_path, ONE)
    assert gone is not None
    assert gone.why is why
    assert recordings.find(tmp_path, ONE) is None
    assert [path.stat().st_size for path in (tmp_path / "removed").iterdir()] == [0]


def test_a_removal_that_was_interrupted_is_finished(tmp_path: Path) -> None:
    (tmp_path / "removed").mkdir()
    lay(tmp_path, f"removed/{ONE}.age", f"{OTHER}.part", f"{OTHER}.wav")
    os.utime(tmp_path / "removed" / f"{ONE}.age", (0, 0))
    recordings.sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [f"{OTHER}.wav"]
    gone = recordings.removed(tmp_path, ONE)
    assert gone is not None
    assert gone.at > 0
    assert (tmp_path / "removed" / f"{ONE}.age").stat().st_size == 0
