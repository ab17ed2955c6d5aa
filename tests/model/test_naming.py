from __future__ import annotations

import pytest

from broadcaster.model.broadcast import State
from broadcaster.model.naming import OUTCOMES, outcome


@pytest.mark.parametrize(
    ("state", "priority", "on_air_at", "sounded_s", "says"),
    [
        ("completed", "routine", 1.0, 9.0, "completed"),
        ("aborted", "routine", 1.0, 3.0, "aborted"),
        ("aborted", "routine", None, None, "called off"),
        ("aborted", "emergency", 1.0, 30.0, "ended"),
        ("aborted", "emergency", None, None, "called off"),
        ("failed", "routine", 1.0, None, "broken"),
        ("failed", "routine", None, 2.0, "broken"),
        ("failed", "emergency", None, 0.0, "failed"),
        ("missed", "routine", None, None, "missed"),
    ],
)
def test_what_sounded_is_told_from_what_did_not(
    state: str, priority: str, on_air_at: float | None, sounded_s: float | None, says: str
) -> None:
    row = {"state": state, "priority": priority, "on_air_at": on_air_at, "sounded_s": sounded_s}
    assert outcome(row) == says


def test_every_state_has_its_word() -> None:
    assert {str(state) for state in State} <= OUTCOMES.keys()
