from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from broadcaster.model.broadcast import State
from broadcaster.model.cluster import Cluster, Network
from broadcaster.model.recurrence import Recurrence
from broadcaster.model.schedule import Schedule, Target
from broadcaster.storage import broadcasts, day_off, settling
from broadcaster.storage.ground import Ground
from broadcaster.words import Sentence
from tests.clock import NOON
from tests.people import KEY, plan

UTC = ZoneInfo("UTC")
NETWORK = Network((Cluster(1, "Một", "01"),))
GROUND = Ground(UTC, NETWORK, NOON, KEY)
MIDNIGHT = NOON + 12 * 3600
DAY = date(2027, 1, 15)


SCHEDULE = Schedule("toi", "toi", "x", Target(everyone=True), Recurrence(time(20), DAY), duration=60.0)


def put(engine: Engine, name: str, hour: int, **more: object) -> None:
    rule = Recurrence(time(hour), DAY)
    values = {"id": name, "title": name, "sound": "x", "target": Target(everyone=True), "recurrence": rule, **more}
    plan(engine, Schedule(duration=60.0, **values), replace(GROUND, now=NOON - 3600))  # type: ignore[arg-type]


def dues(engine: Engine, name: str, until: float) -> list[float]:
    """Return when a schedule still queues a broadcast, in hours after noon."""
    found = settling.settle(engine, name, until, GROUND).queued
    return [((one.due or 0) - NOON) / 3600 for one in found]


def test_the_rest_of_the_day_is_called_off_and_tomorrow_is_not(engine: Engine) -> None:
    put(engine, "chieu", 17)
    assert day_off.decide(engine, MIDNIGHT, "Lan", GROUND) == []
    assert day_off.decided_by(engine, NOON, MIDNIGHT) == "Lan"
    assert dues(engine, "chieu", NOON + 36 * 3600) == [29]
    (row,) = [one for one in broadcasts.history(engine) if one["due"] == NOON + 5 * 3600]
    assert (row["state"], row["reason"]["values"]) == (State.ABORTED, {"by": "Lan"})


def test_twice_is_as_good_as_once_and_paused_ones_get_no_row(engine: Engine) -> None:
    put(engine, "chieu", 17)
    put(engine, "nghi", 18, paused=True)
    for _ in range(2):
        day_off.decide(engine, MIDNIGHT, "Lan", GROUND)
    assert len(broadcasts.history(engine)) == 1


def test_what_waits_already_is_left_to_the_controller(engine: Engine) -> None:
    put(engine, "chieu", 17)
    (waiting,) = settling.settle(engine, "chieu", MIDNIGHT, GROUND).queued
    assert day_off.decide(engine, MIDNIGHT, "Lan", GROUND) == [waiting.id]


@pytest.mark.parametrize(("hour", "back"), [(17, [5.0, 29.0]), (12, [24.0])])
def test_it_can_be_taken_back_unless_it_would_begin_at_once(hour: int, back: list[float], engine: Engine) -> None:
    put(engine, "chieu", hour, recurrence=Recurrence(time(hour, 1 if hour == 12 else 0), DAY))
    day_off.decide(engine, MIDNIGHT, "Lan", GROUND)
    assert day_off.take_back(engine, MIDNIGHT, "Lan", GROUND) == (hour == 17)
    assert [round(due) for due in dues(engine, "chieu", NOON + 36 * 3600)] == back
    assert (day_off.decided_by(engine, NOON, MIDNIGHT) is None) is (hour == 17)


def test_what_somebody_cancelled_for_itself_stays_cancelled(engine: Engine) -> None:
    put(engine, "chieu", 17)
    (waiting,) = settling.settle(engine, "chieu", MIDNIGHT, GROUND).queued
    settling.let_go(engine, [waiting.id], NOON, Sentence("Cancelled by {by}.", by="Lan"), overtaken=False)
    day_off.decide(engine, MIDNIGHT, "Lan", GROUND)
    assert day_off.take_back(engine, MIDNIGHT, "Lan", GROUND) == 0
    assert dues(engine, "chieu", NOON + 12 * 3600) == []


def test_after_a_change_of_zone_nothing_is_owed_twice_that_day(engine: Engine) -> None:
    """At noon in UTC the clock goes three hours back: 17:00 is at 20:00 UTC now, and this day goes on till 03:00."""
    west = replace(GROUND, zone=ZoneInfo("Etc/GMT+3"))
    half_past = replace(SCHEDULE, id="sang", recurrence=Recurrence(time(11, 30), DAY), late_after=3600)
    plan(engine, half_past, replace(GROUND, now=NOON - 3600))
    assert dues(engine, "sang", NOON) == [-0.5]  # sounds just now
    put(engine, "chieu", 17)  # is called off
    day_off.decide(engine, NOON + 5 * 3600, "Lan", GROUND)
    plan(engine, replace(SCHEDULE, id="toi", recurrence=Recurrence(time(20), DAY)), GROUND)
    day_off.once_a_day(engine, NOON - 12 * 3600, NOON + 15 * 3600, west)
    found = {
        name: [((one.due or 0) - NOON) / 3600 for one in settling.settle(engine, name, NOON + 39 * 3600, west).queued]
        for name in ("sang", "chieu", "toi")
    }
    assert found == {"sang": [26.5], "chieu": [32], "toi": [11, 35]}
