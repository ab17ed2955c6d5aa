from __future__ import annotations

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as some

from broadcaster.playout.growing_wav import GrowingWav
from tests.judges import pcm_of


@given(some.lists(some.binary(max_size=50).map(lambda half: half * 2), max_size=8))
def test_it_can_be_read_after_every_write(pieces: list[bytes]) -> None:
    with TemporaryDirectory() as folder, closing(GrowingWav(Path(folder) / "one.wav")) as file:
        for count, piece in enumerate(pieces, 1):
            file.append(piece)
            assert pcm_of(Path(folder) / "one.wav") == b"".join(pieces[:count])


def test_it_begins_anew(tmp_path: Path) -> None:
    for sound in (b"abcd" * 100, b"ab"):
        with closing(GrowingWav(tmp_path / "one.wav")) as file:
            file.append(sound)
    assert pcm_of(tmp_path / "one.wav") == b"ab"
