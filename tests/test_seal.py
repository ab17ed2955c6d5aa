from __future__ import annotations

from pathlib import Path

import pytest

from broadcaster.home import Home
from broadcaster.seal import fits, sealed, secret_key


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path).make()


def test_the_key_is_made_once_and_is_for_the_owner_alone(home: Home) -> None:
    first = secret_key(home)
    assert secret_key(home) == first
    assert home.secret_key.stat().st_mode & 0o077 == 0
    assert [path.name for path in home.path.glob("secret*")] == ["secret.key"]


@pytest.mark.parametrize("spoilt", [b"", b"short"])
def test_one_that_is_spoilt_is_made_anew_for_everybody(spoilt: bytes, home: Home) -> None:
    home.secret_key.write_bytes(spoilt)
    assert secret_key(home) == secret_key(home)
    assert len(home.secret_key.read_bytes()) == 32


def test_on_a_disk_that_cannot_be_written_there_is_one_all_the_same(home: Home) -> None:
    gone = Home(home.path / "nowhere")
    assert len(secret_key(gone)) == 32


@pytest.mark.parametrize("parts", [("a", 1), ("a", "1"), ("a1",), ("a", 1, None), (["a", 1],)])
def test_a_seal_fits_what_it_was_made_of_and_nothing_else(parts: tuple[object, ...]) -> None:
    assert fits(sealed(b"key", *parts), b"key", *parts)
    assert not fits(sealed(b"key", *parts), b"other", *parts)
    assert not fits(sealed(b"key", "a", 1, 2), b"key", *parts)
    assert not fits(None, b"key", *parts)
