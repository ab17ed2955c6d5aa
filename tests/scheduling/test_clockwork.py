from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from broadcaster.scheduling.clockwork import Clockwork


@pytest.fixture
def clockwork() -> Iterator[Clockwork]:
    one = Clockwork(lambda: None)
    one.start()
    yield one
    one.close()


@pytest.mark.parametrize("late_s", [-3600, -5, 0, 0.05])
def test_it_calls_in_time_and_even_what_is_long_past(late_s: float, clockwork: Clockwork) -> None:
    called = threading.Event()
    clockwork.at("bulletin", time.time() + late_s, called.set)
    assert called.wait(5)


def test_a_second_time_replaces_the_first(clockwork: Clockwork) -> None:
    clockwork.at("bulletin", time.time() + 1000, lambda: None)
    clockwork.at("other", time.time() + 500, lambda: None)
    clockwork.at("bulletin", time.time() + 100, lambda: None)
    assert clockwork.names() == ["bulletin", "other"]


def test_what_is_cancelled_is_forgotten(clockwork: Clockwork) -> None:
    clockwork.at("bulletin", time.time() + 1000, lambda: None)
    assert clockwork.cancel("bulletin")
    assert not clockwork.cancel("bulletin")
    assert clockwork.names() == []


def test_it_looks_at_the_clock_although_nothing_is_due() -> None:
    looks = threading.Semaphore(0)
    clockwork = Clockwork(looks.release)
    clockwork.start()
    assert all(looks.acquire(timeout=5) for _ in range(3))
    clockwork.close()
