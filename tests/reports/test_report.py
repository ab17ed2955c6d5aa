"""A simulated month, told to the log book as the daemon does, against figures counted second by second."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from sqlalchemy import Engine

from broadcaster.config.loading import load
from broadcaster.errors import UsageError
from broadcaster.model.broadcast import Broadcast, State
from broadcaster.model.evidence import Evidence
from broadcaster.model.priority import Priority
from broadcaster.reports.lines import share, table, told
from broadcaster.reports.report import Report, days, make
from broadcaster.reports.uptime import CRASHED, LEAPT, SWITCHED_OFF
from broadcaster.storage import broadcasts, faults, intervals
from broadcaster.storage.database import database_url, open_database
from broadcaster.words import Sentence

SETTINGS = load(Path(__file__).parents[2] / "config" / "clusters.toml")
VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(database_url(tmp_path / "log.sqlite3", {}))
    yield engine
    engine.dispose()


@dataclass
class Month:
    """Writes a month into the log book, and beside it into one cell a second."""

    book: Engine
    begin: int
    seconds: int
    rng: random.Random
    up: np.ndarray = field(init=False)
    on: np.ndarray = field(init=False)
    known: np.ndarray = field(init=False)
    ill: np.ndarray = field(init=False)
    opened: np.ndarray = field(init=False)
    causes: list[Sentence] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in ("up", "on", "known", "ill", "opened"):
            setattr(self, name, np.zeros(self.seconds, bool))

    def write(self) -> None:
        """Runs of the controller, up to six days each, with gaps of a second up to two days between."""
        at = self.rng.randrange(3 * 3600)
        while at < self.seconds:
            until = min(self.seconds, at + self.rng.randrange(600, 6 * 86400))
            self._run(at, until)
            at = until + self.rng.choice([1, 40, 3600, 2 * 86400])

    def _run(self, at: int, until: int) -> None:
        intervals.end_all(self.book, intervals.last_sign(self.book) or 0.0)
        intervals.enter(self.book, "controller", "up", Evidence.ACKNOWLEDGED, self.begin + at)
        intervals.enter(self.book, "transmitter", "off", Evidence.ACKNOWLEDGED, self.begin + at)
        self.up[at:until] = self.known[at:until] = True
        moment = at + self.rng.randrange(1, 300)
        while moment + 2000 < until:
            moment = self._something(moment)
        in_order = self.rng.random() < 0.5
        if in_order:
            intervals.enter(self.book, "controller", "stopped", Evidence.ACKNOWLEDGED, self.begin + until)
            intervals.end_all(self.book, self.begin + until)
        else:
            intervals.touch(self.book, "controller", self.begin + until)
        self.causes.append(SWITCHED_OFF if in_order else CRASHED)

    def _something(self, at: int) -> int:
        """A broadcast, or a fault of the transmitter's relay; return when the next may come."""
        long = self.rng.randrange(5, 1500)
        whole = slice(at, at + long)
        if self.rng.random() < 0.8:
            self._state("transmitter", "on", at, "off", at + long)
            self._state("cluster-03", "open", at + 2, "closed", at + long - 2)
            self.on[whole] = True
            self.opened[at + 2 : at + long - 2] = True
        else:
            self._state("transmitter", "unknown", at, "off", at + long)
            faults.raise_(self.book, "unkey", Sentence("Stuck"), self.begin + at, latched=True, over=False)
            faults.clear(self.book, "unkey", self.begin + at + long)
            self.known[whole] = False
            self.ill[whole] = True
        return at + long + self.rng.randrange(1, 2 * 86400)

    def _state(self, device: str, state: str, at: int, then: str, until: int) -> None:
        evidence = Evidence.COMMANDED if device.startswith("cluster") else Evidence.ACKNOWLEDGED
        intervals.enter(self.book, device, state, evidence, self.begin + at)
        intervals.enter(self.book, device, then, evidence, self.begin + until)


@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "Europe/Berlin"])
@pytest.mark.parametrize("seed", range(3))
def test_a_month_with_outages_equals_what_was_counted(seed: int, zone: str, book: Engine) -> None:
    first = datetime(2026, 10, 1, tzinfo=ZoneInfo(zone))
    begin, end = days(first.date(), date(2026, 10, 31), first.tzinfo)  # type: ignore[arg-type]
    before = 86400 * 3  # the month is cut out of a longer time: what crosses its ends is cut too
    month = Month(book, int(begin) - before, int(end - begin) + 2 * before, random.Random(seed))
    month.write()
    made = make(book, SETTINGS, begin, end, end + before)
    inside = slice(max(before, int(np.argmax(month.up))), before + int(end - begin))
    up, known, on = month.up[inside], month.known[inside], month.on[inside]
    assert made.measured_s == len(up)
    assert made.controller.up_s == up.sum()
    assert made.controller.unknown_s == (~up).sum()
    assert made.transmitter.on_s == on.sum()
    assert made.transmitter.off_s == (known & ~on).sum()
    assert made.transmitter.unknown_s == (~known).sum()
    assert made.transmitter.available_s == (up & known & ~month.ill[inside]).sum()
    assert made.clusters[2].open_s == month.opened[inside].sum()
    edges = np.flatnonzero(np.diff(np.concatenate([[1], up, [1]]).astype(int)))
    gaps = [
        (begin + inside.start - before + a, begin + inside.start - before + b)
        for a, b in zip(edges[::2], edges[1::2], strict=True)
    ]
    assert [(one.begin, one.end) for one in made.controller.outages] == gaps
    assert {one.cause for one in made.controller.outages} <= {SWITCHED_OFF, CRASHED}


def figures(made: Report) -> np.ndarray:
    key, third = made.transmitter, made.clusters[2]
    times = [made.controller.up_s, made.controller.unknown_s, key.on_s, key.off_s, key.unknown_s, key.available_s]
    return np.array([*times, third.open_s, third.unknown_s, third.openings])


@pytest.mark.parametrize("seed", [7, 8])
def test_the_days_of_a_month_add_up_to_it(seed: int, book: Engine) -> None:
    begin, end = days(date(2026, 10, 1), date(2026, 10, 31), VIET_NAM)
    Month(book, int(begin) - 9 * 86400, int(end - begin) + 18 * 86400, random.Random(seed)).write()
    intervals.enter(book, "cluster-99", "open", Evidence.COMMANDED, begin)  # of no cluster that is configured
    daily = [days(date(2026, 10, day), date(2026, 10, day), VIET_NAM) for day in range(1, 32)]
    added = np.sum([figures(make(book, SETTINGS, *one, now=end + 9 * 86400)) for one in daily], axis=0)
    assert list(figures(make(book, SETTINGS, begin, end, end + 9 * 86400))) == list(added)


@pytest.mark.parametrize("seen_again", [False, True])
def test_what_a_clock_that_was_set_back_told_counts_in_later_periods_too(seen_again: bool, book: Engine) -> None:
    for device, state in (("controller", "up"), ("transmitter", "off")):
        intervals.enter(book, device, state, Evidence.ACKNOWLEDGED, 1000.0)
    intervals.leap(book, 4000.0, 1100.0)
    intervals.enter(book, "transmitter", "on", Evidence.ACKNOWLEDGED, 1200.0)
    if seen_again:
        intervals.leap(book, 1300.0, 900.0)  # goes on from before all that
        intervals.touch(book, "controller", 5000.0)
    else:
        intervals.end_all(book, 1300.0)
    early, late = (make(book, SETTINGS, *part, now=99_999.0) for part in ((900.0, 2000.0), (2000.0, 5000.0)))
    assert list(figures(early) + figures(late)) == list(figures(make(book, SETTINGS, 900.0, 5000.0, 99_999.0)))
    assert (late.transmitter.on_s, late.transmitter.off_s) == ((3000.0, 0.0) if seen_again else (0.0, 2000.0))


def test_causes(book: Engine) -> None:
    for number, how in enumerate(("stopped", "crashed", "stopped")):
        at = 1_790_000_000.0 + number * 10_000
        intervals.end_all(book, intervals.last_sign(book) or 0.0)
        intervals.enter(book, "controller", "up", Evidence.ACKNOWLEDGED, at)
        intervals.touch(book, "controller", at + 5000)
        if how == "stopped":
            intervals.enter(book, "controller", "stopped", Evidence.ACKNOWLEDGED, at + 5000)
            intervals.end_all(book, at + 5000)
    made = make(book, SETTINGS, 1_790_000_000.0, 1_790_030_000.0, 1_790_040_000.0)
    assert [one.cause for one in made.controller.outages] == [SWITCHED_OFF, CRASHED, SWITCHED_OFF]
    later = make(book, SETTINGS, 1_790_007_000.0, 1_790_008_000.0, 1_790_040_000.0)
    assert [(one.begin, one.end, one.cause) for one in later.controller.outages] == [
        (1_790_007_000.0, 1_790_008_000.0, SWITCHED_OFF)
    ]


def test_what_a_clock_leapt_over_is_no_crash(book: Engine) -> None:
    intervals.enter(book, "controller", "up", Evidence.ACKNOWLEDGED, 1000.0)
    intervals.leap(book, 2000.0, 9000.0)
    intervals.end_all(book, 9500.0)
    (outage,) = make(book, SETTINGS, 0.0, 9500.0, 99_999.0).controller.outages
    assert (outage.begin, outage.end, outage.cause) == (2000.0, 9000.0, LEAPT)


def test_before_the_first_use_there_is_no_outage(book: Engine) -> None:
    made = make(book, SETTINGS, 0.0, 100.0, 200.0)
    assert (made.measured_s, made.availability, made.controller.outages) == (0, None, ())


def test_a_running_controller_has_no_outage_at_the_end(book: Engine) -> None:
    intervals.enter(book, "controller", "up", Evidence.ACKNOWLEDGED, 1000.0)
    intervals.touch(book, "controller", 5000.0)
    running = make(book, SETTINGS, 0.0, 86400.0, 5019.0)
    assert (running.controller.up_s, running.controller.outages) == (4000.0, ())
    dead = make(book, SETTINGS, 0.0, 86400.0, 5300.0)
    assert dead.controller.unknown_s == 300.0


def test_a_clock_that_was_set_back_counts_nothing_twice(book: Engine) -> None:
    intervals.enter(book, "controller", "up", Evidence.ACKNOWLEDGED, 1000.0)
    for state, at in (("off", 1000.0), ("on", 3000.0), ("off", 2000.0), ("on", 2500.0), ("off", 4000.0)):
        intervals.enter(book, "transmitter", state, Evidence.ACKNOWLEDGED, at)
    intervals.end_all(book, 5000.0)
    made = make(book, SETTINGS, 0.0, 6000.0, 9000.0)
    assert made.transmitter.on_s + made.transmitter.off_s + made.transmitter.unknown_s == made.measured_s
    assert made.transmitter.on_s == 1500.0


def test_broadcasts_by_outcome_and_origin_and_minutes(book: Engine) -> None:
    def put(number: int, state: State, sounded: float, **more: object) -> None:
        one = Broadcast(f"{number}", "x", frozenset({1}), duration=60.0, **more)  # type: ignore[arg-type]
        broadcasts.record(book, one, State.KEYING, 100.0)
        broadcasts.record(book, one, state, 200.0, sounded_s=sounded)

    put(1, State.COMPLETED, 60.0, due=100.0, origin="schedule")
    put(2, State.FAILED, 20.0, due=100.0, origin="schedule")
    put(3, State.COMPLETED, 30.0, origin="page")
    put(4, State.ABORTED, 200.0, priority=Priority.EMERGENCY, origin="page")
    refused = Broadcast("5", "x", frozenset({1}), due=100.0, duration=60.0, origin="schedule")
    broadcasts.record(book, refused, State.REFUSED, 90.0)
    made = make(book, SETTINGS, 0.0, 1000.0, 2000.0).airtime
    assert (made.scheduled_s, made.delivered_s, made.unscheduled_s, made.emergency_s) == (120.0, 80.0, 30.0, 200.0)
    assert made.counts["completed", "schedule"] == 1
    assert made.outcomes == {"completed": 2, "broken": 1, "ended": 1, "refused": 1}
    assert made.origins == {"schedule": 3, "page": 2}


@pytest.fixture
def report(book: Engine) -> Report:
    Month(book, 1_790_000_000, 20 * 86400, random.Random(5)).write()
    return make(book, SETTINGS, 1_790_000_000.0, 1_790_000_000.0 + 20 * 86400, 1_800_000_000.0)


def test_as_json_as_table_and_in_words(report: Report) -> None:
    data = json.loads(json.dumps(report.as_json("vi")))
    assert data["simulated"] is True
    assert data["transmitter"]["on_s"] == report.transmitter.on_s
    assert data["definitions"]["availability"].startswith("Độ sẵn sàng")
    text = io.StringIO()
    csv.writer(text).writerows(table(report, "vi", VIET_NAM))
    rows = list(csv.reader(text.getvalue().splitlines()))
    assert rows[1][0] == "MÔ PHỎNG / SIMULATION"
    assert all(len(row) == 4 for row in rows)
    assert ["transmitter", "on", f"{report.transmitter.on_s:.0f}", "s"] in rows
    said = [line.to("vi") for line in told(report, SETTINGS, VIET_NAM)]
    assert "MÔ PHỎNG" in said[0]
    assert any(line.startswith("Bộ điều khiển gián đoạn") for line in said)


@pytest.mark.parametrize(("part", "shown"), [(None, "—"), (1.0, "100.00 %"), (0.99999, "99.99 %"), (0.0, "0.00 %")])
def test_an_outage_is_never_rounded_away(part: float | None, shown: str) -> None:
    assert share(part) == shown


def test_days_are_local_and_both_count() -> None:
    begin, end = days(date(2026, 11, 1), date(2026, 11, 1), VIET_NAM)
    assert (datetime.fromtimestamp(begin, UTC).hour, end - begin) == (17, 86400)
    berlin = days(date(2026, 10, 25), date(2026, 10, 25), ZoneInfo("Europe/Berlin"))
    assert berlin[1] - berlin[0] == 25 * 3600
    with pytest.raises(UsageError):
        days(date(2026, 11, 2), date(2026, 11, 1), VIET_NAM)
