"""Rows that should not be: they overlap, end before they begin, never end. Counted cell by cell beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.model.evidence import Evidence
from broadcaster.reports.uptime import NO_ANSWER, cluster, controller, transmitter
from broadcaster.storage import intervals
from broadcaster.storage.database import database_url, open_database
from broadcaster.words import Sentence

CELLS = 120
CELL_S = 0.25
STUCK = Sentence("Stuck")
moments = st.integers(0, CELLS).map(lambda cell: cell * CELL_S)


def rows(*states: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Rows of a device in any order, as no daemon should write them."""
    row = st.fixed_dictionaries(
        {"state": st.sampled_from(states), "from_at": moments, "until_at": st.none() | moments, "id": st.integers()}
    )
    return st.lists(row, max_size=6)


faults = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["unkey", "clock"]),
            "raised_at": moments,
            "cleared_at": st.none() | moments,
            "sentence": st.just(STUCK.as_json()),
        }
    ),
    max_size=3,
)
periods = st.tuples(moments, moments).map(lambda two: (min(two), max(two)))


def cells(those: list[dict[str, Any]], alive: float, begin: str = "from_at", end: str = "until_at") -> Any:
    """One truth value a cell."""
    covered = np.zeros(CELLS, bool)
    for one in those:
        until = alive if one[end] is None else one[end]
        covered[int(one[begin] / CELL_S) : int(until / CELL_S)] = True
    return covered


def told(those: list[dict[str, Any]], state: str, alive: float) -> Any:
    return cells([one for one in those if one["state"] == state], alive)


@given(rows("up", "stopped"), rows("on", "off", "unknown"), faults, periods, moments)
def test_as_counted_cell_by_cell(
    ups: list[dict[str, Any]],
    keys: list[dict[str, Any]],
    ill: list[dict[str, Any]],
    period: tuple[float, float],
    alive: float,
) -> None:
    within = slice(int(period[0] / CELL_S), int(period[1] / CELL_S))
    up, on, off = told(ups, "up", alive), told(keys, "on", alive), told(keys, "off", alive)
    stuck = cells([one for one in ill if one["kind"] == "unkey"], alive, "raised_at", "cleared_at")
    expected = [part[within].sum() * CELL_S for part in (on, off & ~on, ~on & ~off, up & (on | off) & ~stuck)]
    of_key, of_controller = transmitter(keys, ups, ill, period, alive), controller(ups, period, alive)
    assert [of_key.on_s, of_key.off_s, of_key.unknown_s, of_key.available_s] == expected
    assert (of_controller.up_s, of_controller.unknown_s) == (
        up[within].sum() * CELL_S,
        (~up)[within].sum() * CELL_S,
    )
    assert sum(one.end - one.begin for one in of_controller.outages) == of_controller.unknown_s
    assert sum(one.end - one.begin for one in of_key.outages) == of_controller.up_s - of_key.available_s
    assert {one.cause for one in of_key.outages} <= {STUCK, NO_ANSWER}


@pytest.mark.parametrize(("kind", "available"), [("unkey", 60.0), ("clock", 100.0), ("log book", 100.0)])
def test_only_a_fault_of_the_transmitter_makes_it_unavailable(kind: str, available: float) -> None:
    up, off = ([{"state": state, "from_at": 0.0, "until_at": 100.0}] for state in ("up", "off"))
    fault = {"kind": kind, "raised_at": 10.0, "cleared_at": 50.0, "sentence": STUCK.as_json()}
    made = transmitter(off, up, [fault], (0.0, 100.0), 100.0)
    assert made.available_s == available
    assert [(one.begin, one.end, one.cause) for one in made.outages] == [(10.0, 50.0, STUCK)][: available < 100]


@given(rows("open", "closed", "unknown"), periods, moments)
def test_a_cluster_as_counted(those: list[dict[str, Any]], period: tuple[float, float], alive: float) -> None:
    within = slice(int(period[0] / CELL_S), int(period[1] / CELL_S))
    opened, closed = told(those, "open", alive), told(those, "closed", alive)
    found = cluster(3, those, period, alive)
    assert found.open_s == opened[within].sum() * CELL_S
    assert found.unknown_s == (~opened & ~closed)[within].sum() * CELL_S


@pytest.mark.parametrize("after", [2_000.0, 1_050.0, 500.0])
def test_a_clock_that_is_set_under_an_open_cluster_opens_it_no_second_time(after: float, tmp_path: Path) -> None:
    engine = open_database(database_url(tmp_path / "log.sqlite3", {}))
    intervals.enter(engine, "cluster-03", "closed", Evidence.COMMANDED, 900.0)
    intervals.enter(engine, "cluster-03", "open", Evidence.COMMANDED, 1_000.0)
    intervals.leap(engine, 1_100.0, after)
    intervals.enter(engine, "cluster-03", "closed", Evidence.COMMANDED, after + 60)
    intervals.enter(engine, "cluster-03", "open", Evidence.COMMANDED, after + 100)
    intervals.end_all(engine, after + 160)
    assert cluster(3, intervals.of(engine, "cluster-03"), (0.0, 5_000.0), 5_000.0).openings == 2
    engine.dispose()
