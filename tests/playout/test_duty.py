from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.playout.duty import DutyCycle
from tests.clock import HandClock

HOUR = 3600.0
spans = st.lists(st.tuples(st.integers(1, 1500), st.integers(1, 900)), max_size=6)


def after(broadcasts: list[tuple[int, int]], minutes: float) -> tuple[DutyCycle, HandClock, set[int]]:
    """Return the books after pauses and broadcasts, and the seconds that were keyed."""
    clock, keyed = HandClock(), set[int]()
    duty = DutyCycle(minutes, clock)
    for pause, length in broadcasts:
        clock.pass_(pause)
        duty.carrier(True)
        keyed |= {int(clock.time) + second for second in range(length)}
        clock.pass_(length)
        duty.carrier(False)
    return duty, clock, keyed


@given(spans, st.integers(10, 30), st.integers(60, 600))
def test_no_hour_ever_holds_more_than_it_may(broadcasts: list[tuple[int, int]], minutes: int, length: int) -> None:
    """Counted second by second over the hour that ends with the new broadcast."""
    duty, clock, keyed = after(broadcasts, minutes)
    start = duty.earliest(clock.time, clock.time + length)
    end = int(start + length)
    own = set(range(int(start), end))
    assert start == clock.time or len(own | {s for s in keyed if s >= end - HOUR}) <= minutes * 60
    assert start - clock.time <= 2 * HOUR


def test_it_waits_no_longer_than_it_must() -> None:
    duty, clock, _ = after([(1, 900)], 20)
    assert duty.earliest(clock.time, clock.time + 300) == clock.time
    assert 1800 - 60 <= duty.earliest(clock.time, clock.time + 1000) - clock.time <= HOUR


@pytest.mark.parametrize(("minutes", "length", "wait"), [(60, 7200, 0.0), (20, 1201, math.inf), (20, 1200, 0.0)])
def test_without_limit_and_longer_than_it(minutes: float, length: float, wait: float) -> None:
    duty, clock, _ = after([], minutes)
    assert duty.earliest(clock.time, clock.time + length) == clock.time + wait


@pytest.mark.parametrize("state", [True, None])
def test_a_carrier_that_is_up_or_unknown_counts(state: bool | None) -> None:
    duty, clock, _ = after([], 10)
    duty.carrier(state)
    clock.pass_(600)
    assert duty.earliest(clock.time, clock.time + 60) > clock.time


def test_a_restart_cools_no_transmitter() -> None:
    duty, clock, _ = after([], 10)
    duty.remember([(clock.time - 700, clock.time - 100)])
    assert duty.earliest(clock.time, clock.time + 60) > clock.time


def test_a_wall_clock_that_is_set_does_not_forget() -> None:
    duty, clock, _ = after([(1, 600)], 10)
    clock.time += 86400
    assert duty.earliest(clock.time, clock.time + 60) > clock.time
