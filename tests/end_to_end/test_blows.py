"""A sample of the stuck-carrier table; ``make torture`` does a thousand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.blows import HAS_COMPILER
from tests.end_to_end.torture import run, table


@pytest.mark.skipif(not HAS_COMPILER, reason="gcc, which builds the wall clock that can be turned, is not here")
def test_the_carrier_never_sticks(tmp_path: Path) -> None:
    trials = run(tmp_path, 24, 3, 11, lambda _: None)
    assert len(trials) == 24
    assert [trial for trial in trials if trial.wrong] == [], table(trials)
