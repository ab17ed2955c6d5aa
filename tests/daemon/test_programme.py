"""A year of a programme on a clock that is advanced, with power cuts and a clock that leaps."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select

from broadcaster.daemon.programme import Programme
from broadcaster.errors import StorageError
from broadcaster.model.broadcast import Broadcast, State
from broadcaster.model.cluster import Cluster, Network
from broadcaster.model.recurrence import Recurrence
from broadcaster.model.schedule import Schedule, Target
from broadcaster.scheduling.trigger import RecurrenceTrigger
from broadcaster.storage import broadcasts, schedules, settling
from broadcaster.storage.database import database_url, open_database
from broadcaster.storage.ground import Ground
from broadcaster.storage.settling import NOT_RUNNING
from broadcaster.storage.tables import broadcasts as table
from broadcaster.words import Sentence
from tests.people import KEY, approve, person, plan

NETWORK = Network((Cluster(1, "Đông", "01"), Cluster(2, "Tây", "02")))
VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
START = datetime(2026, 12, 31, 17, tzinfo=UTC).timestamp()
DAY = 86400.0


@dataclass
class Wrist:
    """The two clocks of a computer, moved by hand."""

    monotonic_s: float = 0.0
    offset: float = START

    def now(self) -> float:
        return self.monotonic_s + self.offset

    def monotonic(self) -> float:
        return self.monotonic_s


@dataclass
class Hand:
    """A clock hand on that clock, with the same triggers as the real one."""

    clock: Wrist
    jobs: dict[str, tuple[RecurrenceTrigger, datetime | None, Callable[[], None]]] = field(default_factory=dict)

    def follow(self, name: str, rule: Recurrence, zone: ZoneInfo, ahead_s: float, call: Callable[[], None]) -> None:
        trigger = RecurrenceTrigger(rule, zone, ahead_s)
        self.jobs[name] = (trigger, trigger.get_next_fire_time(None, self._now()), call)

    def cancel(self, name: str) -> bool:
        return self.jobs.pop(name, None) is not None

    def next(self) -> float:
        return min((at.timestamp() for _, at, _ in self.jobs.values() if at), default=float("inf"))

    def turn(self) -> None:
        for name, (trigger, at, call) in list(self.jobs.items()):
            if at is not None and at <= self._now():
                self.jobs[name] = (trigger, trigger.get_next_fire_time(at, self._now()), call)
                call()

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.now(), UTC)


class Station:
    """The daemon as far as schedules go: what is taken airs at its second, unless the power goes first."""

    def __init__(self, path: Path, zone: ZoneInfo = VIET_NAM) -> None:
        self.zone = zone
        self.clock = Wrist()
        self.engine: Engine = open_database(database_url(path, {}))
        self.aired: list[tuple[str, float]] = []
        self.told: list[Sentence | None] = []
        self.start()

    def start(self) -> None:
        self.hand = Hand(self.clock)
        self.pending: dict[str, Broadcast] = {}
        broadcasts.fail_interrupted(self.engine, self.clock.now(), Sentence("The controller ended in the middle."))
        waiting = broadcasts.queued(self.engine)
        for one in waiting:
            self.take(one)
        self.programme = Programme(
            self.ground,
            log_book=lambda: self.engine,
            clockwork=self.hand,
            take=self.take,
            withdraw=self.withdraw,
            faulty=self.told.append,
            emit=lambda _: None,
            clock=self.clock,
        )
        self.programme.adopt(waiting)
        self.programme.look()

    def ground(self) -> Ground:
        return Ground(self.zone, NETWORK, self.clock.now(), KEY)

    def plan(self, one: Schedule) -> None:
        plan(self.engine, one, self.ground())

    def take(self, broadcast: Broadcast) -> None:
        self.pending[broadcast.id] = broadcast

    def withdraw(self, ids: Collection[str], _: Sentence) -> None:
        for one in ids:
            self.pending.pop(one, None)

    def run_until(self, moment: float, within: float = float("inf")) -> None:
        """Let the computer's clock come to ``moment``, or ``within`` seconds pass."""
        ends = self.clock.monotonic_s + within
        self.programme.look()
        while self.clock.now() < moment and self.clock.monotonic_s < ends:
            due = min((one.due or 0 for one in self.pending.values()), default=moment)
            step = min(moment, max(self.clock.now(), min(self.hand.next(), due))) - self.clock.now()
            self.clock.monotonic_s = min(self.clock.monotonic_s + max(step, 0.001), ends)
            self.hand.turn()
            self.programme.look()
            self.air()

    def air(self, *, cut: bool = False) -> None:
        for one in sorted(self.pending.values(), key=lambda b: b.due or 0):
            now, due = self.clock.now(), one.due or 0
            if due > now:
                continue
            del self.pending[one.id]
            if not broadcasts.claim(self.engine, one, self.ground()):
                continue
            if now - due > one.late_after:
                broadcasts.record(self.engine, one, State.MISSED, now, reason=NOT_RUNNING)
                continue
            self.aired.append((one.schedule, due))
            if cut:
                return
            broadcasts.record(self.engine, one, State.COMPLETED, now, sounded_s=one.duration)

    def rows(self) -> list[dict[str, object]]:
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(select(table)).mappings()]


@pytest.fixture
def station(tmp_path: Path):  # type: ignore[no-untyped-def]
    one = Station(tmp_path / "log.sqlite3")
    yield one
    one.engine.dispose()


def schedule(name: str, at: time, first: date = date(2027, 1, 1), **more: object) -> Schedule:
    rule = Recurrence(at, first, **more)  # type: ignore[arg-type]
    return Schedule(name, name, "sound", Target(everyone=True), rule, duration=120.0, before=5.0, after=3.0)


def programme(rng: random.Random) -> list[Schedule]:
    made = [schedule("every-day", time(17)), schedule("once", time(6, 30), date(2027, 2, 28), last=date(2027, 2, 28))]
    for number in range(18):
        first = date(2027, 1, 1) + timedelta(days=rng.randrange(200))
        last = rng.choice([None, first + timedelta(days=rng.randrange(300))])
        days = frozenset(rng.sample(range(7), rng.randrange(1, 8)))
        at = time(rng.randrange(5, 21), rng.randrange(60))
        made.append(schedule(f"rule-{number}", at, first, last=last, weekdays=days))
    return made


def test_a_year_of_twenty_rules_with_fifty_power_cuts_and_leaps(station: Station) -> None:
    rng = random.Random(7)
    made = programme(rng)
    for one in made:
        station.plan(one)
    disturbances = sorted(START + rng.random() * 364 * DAY for _ in range(50))
    troubled: list[tuple[float, float]] = []
    for at in disturbances:
        station.run_until(at)
        before = station.clock.now()
        if rng.random() < 0.6:
            station.air(cut=True)
            station.clock.monotonic_s += rng.choice([20.0, 900.0, 4 * 3600.0, 3 * DAY])
            station.start()
        else:
            station.clock.offset += rng.choice([-7200.0, -90.0, 90.0, 7200.0, 2 * DAY])
            station.programme.look()
        troubled.append((min(before, station.clock.now()) - 8000, max(before, station.clock.now()) + 8000))
    station.run_until(START + 365 * DAY)
    assert max(Counter(station.aired).values()) == 1
    accounted = {(row["schedule_id"], row["due"]): row for row in station.rows()}
    assert all(row["state"] == State.COMPLETED or row["reason"] for row in station.rows())
    expected = 0
    for one in made:
        for due in one.recurrence.between(START, station.clock.now(), VIET_NAM):
            expected += 1
            assert (one.id, due) in accounted, f"{one.id} at {due} is lost"
            if not any(begin <= due <= end for begin, end in troubled):
                assert (one.id, due) in station.aired
    assert expected > 2000
    assert len(station.aired) > 0.9 * expected


def test_what_was_missed_in_a_wrong_future_sounds_when_its_time_really_comes(station: Station) -> None:
    station.plan(schedule("bulletin", time(17)))
    station.run_until(START + 3600)
    station.clock.offset += 2 * DAY
    station.run_until(station.clock.now() + 60)
    station.clock.offset -= 2 * DAY
    station.run_until(START + 3 * DAY)
    assert [due for _, due in station.aired] == schedule("", time(17)).recurrence.between(
        START, START + 3 * DAY, VIET_NAM
    )


@pytest.mark.parametrize(("off_s", "aired"), [(599, True), (601, False)])
def test_the_lateness_of_a_schedule_is_its_own(off_s: float, aired: bool, station: Station) -> None:
    due = schedule("", time(17)).recurrence.next(START, VIET_NAM) or 0
    station.plan(schedule("bulletin", time(17)))
    station.run_until(due - 60)
    station.clock.monotonic_s += 60 + off_s
    station.start()
    station.run_until(due + 3600)
    (row,) = station.rows()
    assert (row["state"] == State.COMPLETED) == aired
    assert aired or "did not run" in str(row["reason"])


def test_a_change_at_the_last_moment_withdraws_what_waits(station: Station) -> None:
    one = schedule("bulletin", time(17))
    due = one.recurrence.next(START, VIET_NAM) or 0
    station.plan(one)
    station.run_until(due - 10)
    assert next(iter(station.pending.values())).due == due
    later = replace(one, recurrence=Recurrence(time(17, 30), date(2027, 1, 1)))
    schedules.change(station.engine, later, person(station.engine, "Hoa"), station.ground())
    approve(station.engine, one.id, "Lan", station.ground())
    station.run_until(due + 3600)
    assert station.aired == [("bulletin", due + 1800)]
    assert {row["state"] for row in station.rows()} == {State.ABORTED, State.COMPLETED}


def test_after_a_restart_what_waits_can_still_be_withdrawn(station: Station) -> None:
    one = schedule("bulletin", time(17))
    due = one.recurrence.next(START, VIET_NAM) or 0
    station.plan(one)
    station.run_until(due - 10)
    station.start()
    (waits,) = station.pending.values()
    assert broadcasts.claim(station.engine, waits, station.ground())  # it is being prepared: no queued row any more
    schedules.remove(station.engine, one.id, 1, person(station.engine, "Hoa"), station.ground())
    station.programme.look()
    assert station.pending == {}


@pytest.mark.parametrize("what", ["title", "pause", "remove"])
def test_a_change_of_anything_else(what: str, station: Station) -> None:
    one = schedule("bulletin", time(17))
    due = one.recurrence.next(START, VIET_NAM) or 0
    station.plan(one)
    station.run_until(due - 10)
    ground, hoa = station.ground(), person(station.engine, "Hoa")
    if what == "remove":
        schedules.remove(station.engine, one.id, 1, hoa, ground)
    else:
        changed = replace(one, title="Tiêm chủng") if what == "title" else replace(one, paused=True)
        schedules.change(station.engine, changed, hoa, ground)
    if what == "title":
        approve(station.engine, one.id, "Lan", ground)
    station.run_until(due + 3600)
    assert len(station.aired) == (1 if what == "title" else 0)


def test_a_row_that_a_hand_has_spoilt_is_told_and_the_others_sound(station: Station) -> None:
    station.plan(schedule("good", time(17)))
    station.plan(schedule("bad", time(18)))
    with station.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE schedules SET at = 'soon' WHERE id = 'bad'")
    station.start()
    assert "bad" in str(station.told[-1])
    station.run_until(START + DAY)
    assert [name for name, _ in station.aired] == ["good"]


def test_one_cancelled_occurrence_is_not_made_up_for(station: Station) -> None:
    one = schedule("bulletin", time(17))
    due = one.recurrence.next(START, VIET_NAM) or 0
    station.plan(one)
    station.run_until(due - 10)
    (waits,) = station.pending
    settling.let_go(
        station.engine, [waits], station.clock.now(), Sentence("Cancelled by {by}.", by="Hoa"), overtaken=False
    )
    station.start()
    station.clock.offset -= 5
    station.run_until(due + 3600)
    assert station.aired == []
    assert [row["state"] for row in station.rows()] == [State.ABORTED]


def test_what_was_missed_too_early_is_counted_once(station: Station) -> None:
    """Switched off in order ten seconds before its time, and on again at once."""
    one = schedule("bulletin", time(17))
    due = one.recurrence.next(START, VIET_NAM) or 0
    station.plan(one)
    station.run_until(due - 10)
    (waits,) = station.pending.values()
    broadcasts.record(station.engine, waits, State.MISSED, station.clock.now(), reason=NOT_RUNNING)
    station.start()
    station.run_until(due + 3600)
    assert station.aired == [("bulletin", due)]
    assert [row["state"] for row in station.rows() if row["due"] == due] == [State.COMPLETED]


def test_a_cell_that_is_no_json_stops_nothing_else(station: Station) -> None:
    station.plan(schedule("good", time(17)))
    station.plan(schedule("bad", time(18)))
    spoilt = Broadcast("20270101-000000-abcdef", "x", frozenset({1}), due=START + 5)
    broadcasts.add(station.engine, spoilt, station.ground())
    with station.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE schedules SET target = '{oops' WHERE id = 'bad'")
        connection.exec_driver_sql("UPDATE broadcasts SET clusters = '[1,' WHERE due IS NOT NULL")
    station.start()
    assert "bad" in str(station.told[-1])
    station.run_until(START + DAY)
    assert [name for name, _ in station.aired] == ["good"]


def test_a_leap_is_not_forgotten_when_the_log_book_is_away(station: Station) -> None:
    station.plan(schedule("bulletin", time(17)))
    station.run_until(START + 2 * DAY)
    station.clock.offset -= 2 * DAY
    engine, station.engine = station.engine, open_database("sqlite://")
    with station.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE schedules")
    with pytest.raises(StorageError):
        station.programme.look()
    station.engine.dispose()
    station.engine = engine
    station.programme.look()
    assert station.hand.next() < START + DAY
