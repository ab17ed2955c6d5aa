from __future__ import annotations

from pathlib import Path

from broadcaster.daemon.clock_trust import ClockTrust
from tests.clock import NOON, HandClock


def test_a_clock_that_went_back_is_not_believed_until_a_person_says_so(tmp_path: Path) -> None:
    clock = HandClock()
    trust = ClockTrust(tmp_path, clock)
    assert trust.holds()
    clock.time -= 3600
    assert not trust.holds()
    trust.accept()
    assert trust.holds()


def test_the_memory_outlives_a_power_cut(tmp_path: Path) -> None:
    assert ClockTrust(tmp_path, HandClock()).holds()
    assert not ClockTrust(tmp_path, HandClock(NOON - 86400)).holds()
    assert ClockTrust(tmp_path, HandClock(NOON + 86400)).holds()


def test_an_empty_battery_is_noticed_without_any_memory(tmp_path: Path) -> None:
    assert not ClockTrust(tmp_path, HandClock(0)).holds()


def test_a_folder_that_cannot_be_written_is_no_obstacle(tmp_path: Path) -> None:
    trust = ClockTrust(tmp_path / "missing", HandClock())
    assert trust.holds()
    assert not list(tmp_path.iterdir())
