from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from broadcaster.model.sirens import LONGEST_OFF_S, LONGEST_ON_S, Pattern, is_file, pattern


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("wail", Pattern(wails=True)),
        ("steady", Pattern()),
        ("3/2", Pattern(on_s=3, off_s=2)),
        ("60/5", Pattern(on_s=60, off_s=5)),
        ("0.5/0.5", Pattern(on_s=0.5, off_s=0.5)),
        *(
            (wrong, None)
            for wrong in ("", "siren.wav", "Wail", "3", "3/", "3/2/1", "0/5", "61/5", "3/11", "-3/2", "3 / 2")
        ),
    ],
)
def test_what_is_a_pattern(written: str, meant: Pattern | None) -> None:
    assert pattern(written) == meant


@pytest.mark.parametrize(("name", "file"), [("siren.wav", True), ("COI.WAV", True), ("wail", False), ("3/2", False)])
def test_what_is_a_file(name: str, file: bool) -> None:
    assert is_file(name) == file


@given(some.floats(0.5, LONGEST_ON_S), some.floats(0.5, LONGEST_OFF_S), some.floats(3, 120))
def test_it_sounds_whole_times_and_begins_and_ends_with_sound(on_s: float, off_s: float, wanted_s: float) -> None:
    one = Pattern(on_s=on_s, off_s=off_s)
    times, seconds = one.times(wanted_s), one.seconds(wanted_s)
    assert seconds == pytest.approx(times * (on_s + off_s) - off_s)
    assert seconds + off_s >= wanted_s - 1e-6
    assert times == 1 or seconds - on_s < wanted_s
