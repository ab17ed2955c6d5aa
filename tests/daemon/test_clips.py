from __future__ import annotations

from pathlib import Path

import pytest

from broadcaster.daemon.clips import Clips


@pytest.mark.parametrize(("most", "kept"), [(0, []), (2, ["c.heard.wav", "d.heard.wav"])])
def test_the_oldest_go(most: int, kept: list[str], tmp_path: Path) -> None:
    for name in "abcd":
        Clips(tmp_path, most).heard(name, b"\1\0" * 10)
    assert sorted(path.name for path in tmp_path.iterdir()) == kept


def test_a_stranger_is_named_by_the_time_and_the_oldest_go(tmp_path: Path) -> None:
    for minute in range(53):
        Clips(tmp_path, 0).foreign(1_800_014_400 + 60 * minute, b"\1\0")
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == 50
    assert names[0] == "foreign-20270115-120300.wav"
