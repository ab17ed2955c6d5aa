from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from broadcaster.model.pcm import RATE
from broadcaster.seal import sealed
from broadcaster.sound import wav
from broadcaster.sound.finished import FinishedMixes, drop
from broadcaster.sound.library import content_hash
from broadcaster.sound.mix import Mix
from tests.sound.sounds import noise, write

NEVER = threading.Event()
KEY = b"the station's own key, 32 bytes."


@pytest.fixture
def mix(tmp_path: Path) -> Mix:
    (tmp_path / "library").mkdir()
    chime = write(tmp_path / "chime.wav", noise(5000))
    return Mix(chime, (write(tmp_path / "bulletin.wav", noise(3 * RATE, seed=4)),), chime)


@pytest.fixture
def mixes(tmp_path: Path) -> FinishedMixes:
    return FinishedMixes(tmp_path / "library", KEY)


def aired(mixes: FinishedMixes, mix: Mix) -> bytes:
    target = mix.opening.with_name("air.wav")
    mixes.to_air(mix, target, NEVER)
    return target.read_bytes()


def marked(path: Path, sample: int = 20_000) -> None:
    """Change one byte, and nothing that the file system tells of it."""
    before = path.stat()
    with path.open("r+b") as file:
        file.seek(44 + 2 * sample)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_what_airs_is_the_file_that_was_heard(mixes: FinishedMixes, mix: Mix, tmp_path: Path) -> None:
    """That it is this file, and not another rendering: it sounds although rendering has become impossible."""
    heard = mixes.to_hear(mix).read_bytes()
    elsewhere = FinishedMixes(tmp_path / "library", KEY)  # the daemon is a process of its own
    before = os.environ.get("PYTHONHOME")
    os.environ["PYTHONHOME"] = "/nowhere"
    try:
        assert aired(elsewhere, mix) == heard
    finally:
        os.environ.pop("PYTHONHOME")
        if before is not None:
            os.environ["PYTHONHOME"] = before


def test_what_nobody_has_heard_is_made_for_the_air_to_the_same_samples(mixes: FinishedMixes, mix: Mix) -> None:
    alone = aired(mixes, mix)
    assert mixes.to_hear(mix).read_bytes() == alone


def test_one_byte_changed_behind_the_station_does_not_sound(mixes: FinishedMixes, mix: Mix) -> None:
    kept = mixes.to_hear(mix)
    right = kept.read_bytes()
    marked(kept)
    assert kept.read_bytes() != right
    assert aired(mixes, mix) == right
    assert not kept.exists()


def test_a_seal_of_somebody_else_is_worth_nothing(mixes: FinishedMixes, mix: Mix, tmp_path: Path) -> None:
    """Another sound of the same length with a seal that fits it, but was made with another key."""
    right = aired(mixes, mix)
    kept = mixes.to_hear(mix)
    other = write(tmp_path / "other.wav", noise(wav.samples(kept), seed=99))
    digest = content_hash(other)
    other.replace(kept)
    forged = sealed(b"a key that is not the station's.", "mix", kept.stem.removeprefix("."), digest)
    kept.with_suffix(".seal").write_text(json.dumps([digest, forged]))
    assert aired(mixes, mix) == right


def test_a_seal_holds_for_its_own_mix_only(mixes: FinishedMixes, mix: Mix) -> None:
    other = replace(mix, parts=(write(mix.opening.with_name("other.wav"), noise(3 * RATE, seed=5)),))
    right, wrong = mixes.to_hear(mix), mixes.to_hear(other)
    before = right.read_bytes()
    for suffix in (".mix", ".seal"):
        wrong.with_suffix(suffix).replace(right.with_suffix(suffix))
    assert aired(mixes, mix) == before


@pytest.mark.parametrize("left", [b"", b"RIFF", bytes(100_000)])
def test_a_kept_mix_that_is_spoilt_is_made_anew(left: bytes, mixes: FinishedMixes, mix: Mix) -> None:
    kept = mixes.to_hear(mix)
    right = kept.read_bytes()
    kept.write_bytes(left)
    assert aired(mixes, mix) == right
    assert mixes.to_hear(mix).read_bytes() == right


def test_a_part_that_has_changed_is_another_mix(mixes: FinishedMixes, mix: Mix) -> None:
    before = mixes.to_hear(mix)
    write(mix.opening, noise(6000, seed=8))
    assert mixes.to_hear(mix) != before


def test_it_is_gone_a_day_after_it_was_last_heard(mixes: FinishedMixes, mix: Mix, tmp_path: Path) -> None:
    kept = mixes.to_hear(mix)
    for path in kept.parent.iterdir():
        os.utime(path, (1, 1))
    mixes.to_hear(replace(mix, peak_dbtp=-2))
    assert not kept.exists()
    assert len(list((tmp_path / "library").iterdir())) == 2


def test_a_mix_that_vanishes_while_it_is_looked_at_is_made_anew(
    mixes: FinishedMixes, mix: Mix, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process had chosen it to be dropped, and does so before its time is noted: at first, or at last."""
    kept = mixes.to_hear(mix)
    right = kept.read_bytes()
    for look in (1, 2):
        looks = 0

        def looked(path: Path, *, now: int = look, utime: Callable[[Path], None] = os.utime) -> None:
            nonlocal looks
            looks += path == kept
            if looks == now:
                kept.unlink(missing_ok=True)
            utime(path)

        with monkeypatch.context() as patched:
            patched.setattr(os, "utime", looked)
            assert mixes.to_hear(mix).read_bytes() == right


def test_room_is_made_by_what_nobody_has_heard_for_longest(tmp_path: Path) -> None:
    now = time.time()
    for name, age in (("a" * 32, 900), ("b" * 32, 3600), ("c" * 32, 7200), ("d" * 32, 30), ("e" * 16, 9000)):
        path = tmp_path / f".{name}.mix"
        path.write_bytes(bytes(100))
        os.utime(path, (now - age, now - age))
    assert drop(tmp_path, 0, now) == 0
    assert drop(tmp_path, 150, now) == 200
    assert {path.name[1] for path in tmp_path.iterdir()} == {"a", "d", "e"}
    with next(tmp_path.glob(".a*")).open("rb") as listened_to:
        assert drop(tmp_path, 10_000, now) == 100
        assert len(listened_to.read()) == 100
    assert {path.name[1] for path in tmp_path.iterdir()} == {"d", "e"}  # just heard; being made


def test_what_is_cancelled_leaves_nothing(mixes: FinishedMixes, mix: Mix) -> None:
    mixes.to_hear(mix)
    cancelled = threading.Event()
    cancelled.set()
    target = mix.opening.with_name("air.wav")
    mixes.to_air(mix, target, cancelled)
    assert [path.name for path in target.parent.glob("air*")] == []
