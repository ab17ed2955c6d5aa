from __future__ import annotations

import threading
from pathlib import Path

import pytest

from broadcaster.daemon.journal import Journal
from broadcaster.errors import StorageError
from broadcaster.model.evidence import Evidence
from broadcaster.playout.events import CarrierMoved
from broadcaster.storage import intervals
from broadcaster.storage.database import database_url, open_database
from broadcaster.storage.ground import Ground
from tests.daemon.test_programme import NETWORK, START, VIET_NAM, Wrist
from tests.people import KEY


def rows(path: Path, device: str) -> list[tuple[str, float, float]]:
    engine = open_database(database_url(path, {}))
    found = [(row["state"], row["from_at"] - START, row["until_at"] - START) for row in intervals.of(engine, device)]
    engine.dispose()
    return found


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Wrist:
    monkeypatch.delenv("BROADCASTER_DATABASE_URL", raising=False)
    return Wrist()


def opened(path: Path, clock: Wrist) -> Journal:
    journal, there = Journal(path, clock, lambda: Ground(VIET_NAM, NETWORK, clock.now(), KEY)), threading.Event()
    journal.start(opened=lambda _: there.set(), trouble=lambda _: None, well=lambda: None)
    assert there.wait(20)
    return journal


def test_time_that_the_clock_leapt_over_was_not_lived_through(tmp_path: Path, clock: Wrist) -> None:
    """Power was away for two hours; the clock went on where it had stopped, and was then set right."""
    journal = opened(tmp_path / "log", clock)
    clock.monotonic_s += 10
    clock.offset += 7200
    journal.put(CarrierMoved(True, Evidence.ACKNOWLEDGED, clock.now()))
    journal.close()
    up = [row for row in rows(tmp_path / "log", "controller") if row[0] == "up"]
    assert up == [("up", 0, 10), ("up", 7210, 7210)]


def test_who_asks_while_it_is_being_opened_waits_for_it(tmp_path: Path, clock: Wrist) -> None:
    journal = Journal(tmp_path / "log", clock, lambda: Ground(VIET_NAM, NETWORK, clock.now(), KEY))
    journal.start(opened=lambda _: None, trouble=lambda _: None, well=lambda: None)
    assert journal.queued() == []
    journal.close()


def test_one_that_cannot_be_opened_is_told_without_waiting_for_long(tmp_path: Path, clock: Wrist) -> None:
    (tmp_path / "log").mkdir()  # where the file should be
    journal, trouble = Journal(tmp_path / "log", clock, lambda: Ground(VIET_NAM, NETWORK, 0, KEY)), threading.Event()
    journal.start(opened=lambda _: None, trouble=lambda _: trouble.set(), well=lambda: None)
    with pytest.raises(StorageError):
        journal.queued()
    assert trouble.wait(5)
    journal.close()


def test_how_long_the_transmitter_was_keyed_outlives_the_process(tmp_path: Path, clock: Wrist) -> None:
    for state in (True, False, None, False):
        journal = opened(tmp_path / "log", clock)
        journal.put(CarrierMoved(state, Evidence.ACKNOWLEDGED, clock.now()))
        clock.monotonic_s += 100
        journal.close()
    journal = opened(tmp_path / "log", clock)
    spans = [(begin - START, end - START) for begin, end in journal.keyed_lately()]
    journal.close()
    assert spans == [(0, 100), (200, 300)]


@pytest.mark.parametrize(("in_order", "states"), [(True, ["up", "stopped"]), (False, ["up"])])
def test_only_who_was_switched_off_says_so(in_order: bool, states: list[str], tmp_path: Path, clock: Wrist) -> None:
    journal = opened(tmp_path / "log", clock)
    clock.monotonic_s += 10
    journal.close(in_order=in_order)
    assert [state for state, _, _ in rows(tmp_path / "log", "controller")] == states


def test_a_clock_that_once_ran_ahead_does_not_vouch_for_what_came_after(tmp_path: Path, clock: Wrist) -> None:
    journal = opened(tmp_path / "log", clock)
    clock.offset += 86400
    journal.put(CarrierMoved(True, Evidence.ACKNOWLEDGED, clock.now()))
    journal.close()
    clock.offset -= 86400
    clock.monotonic_s += 100
    engine = open_database(database_url(tmp_path / "log", {}))
    intervals.enter(engine, "controller", "up", Evidence.ACKNOWLEDGED, clock.now())
    intervals.touch(engine, "controller", clock.now() + 20)
    assert intervals.last_sign(engine) == clock.now() + 20
    engine.dispose()
