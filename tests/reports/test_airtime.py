from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.model.broadcast import State
from broadcaster.reports.airtime import airtime


def row(state: str = "completed", **more: Any) -> dict[str, Any]:
    plain = {"origin": "schedule", "priority": "routine", "due": 5.0, "planned_s": 60.0, "sounded_s": 60.0}
    return {"state": state, "keyed_at": 1.0, "on_air_at": None, **plain, **more}


@pytest.mark.parametrize(
    ("one", "scheduled", "delivered"),
    [
        (row(), 60, 60),
        (row(sounded_s=61.0), 60, 60),
        (row("failed", sounded_s=None), 60, 0),
        (row("missed", sounded_s=0.0, keyed_at=None), 60, 0),
        (row("aborted", sounded_s=20.0), 60, 20),
        (row("aborted", sounded_s=20.0, keyed_at=None), 60, 20),  # the log book was away when it was keyed
        (row("aborted", sounded_s=0.0, keyed_at=None), 0, 0),
        (row("refused", sounded_s=0.0, keyed_at=None), 0, 0),
        (row("queued", sounded_s=None, keyed_at=None), 0, 0),
        (row(due=None), 0, 0),
        (row(priority="emergency"), 0, 0),
    ],
)
def test_scheduled_against_delivered(one: dict[str, Any], scheduled: float, delivered: float) -> None:
    made = airtime([one])
    assert (made.scheduled_s, made.delivered_s) == (scheduled, delivered)


@given(
    st.lists(
        st.builds(
            row,
            st.sampled_from(State).map(str),
            due=st.none() | st.just(5.0),
            priority=st.sampled_from(["routine", "priority", "emergency"]),
            planned_s=st.integers(0, 9).map(float),
            sounded_s=st.none() | st.integers(0, 9).map(float),
            keyed_at=st.none() | st.just(1.0),
            origin=st.sampled_from(["page", "schedule", "command"]),
        )
    )
)
def test_no_more_is_delivered_than_was_scheduled_and_every_row_counts_once(those: list[dict[str, Any]]) -> None:
    made = airtime(those)
    assert made.delivered_s <= made.scheduled_s
    assert sum(made.counts.values()) == sum(made.outcomes.values()) == sum(made.origins.values()) == len(those)
