"""An approval cannot be forged: through the product, nor by whoever writes into the database behind its back."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from broadcaster.errors import RefusedError
from broadcaster.model.approval import Standing
from broadcaster.model.broadcast import Broadcast, State
from broadcaster.model.recurrence import Recurrence
from broadcaster.model.relay import CONNECTS_S
from broadcaster.model.roles import Role
from broadcaster.model.schedule import Schedule, Target
from broadcaster.storage import approvals, audit, broadcasts, deciding, schedules, settling
from broadcaster.storage.approvals import NOBODY, NOT_WHOLE
from tests.clock import NOON
from tests.people import KEY, approve, ground_at, person, plan

GROUND = ground_at(NOON)
TOMORROW = NOON + 29 * 3600
ONE = Schedule(
    "s1", "Họp thôn", "a1b2", Target(everyone=True), Recurrence(time(17), date(2027, 1, 16)), duration=60, text="Mời"
)
COLUMNS = "schedule_id, version, fingerprint, approved, persons, author_id, by_id, by_name, at, note, seal"


def standing(engine: Engine) -> approvals.State:
    one = schedules.get(engine, "s1")
    assert one is not None
    return approvals.states(engine, [one], KEY)["s1"]


def written(engine: Engine, by: str = "Lan") -> Schedule:
    schedules.add(engine, ONE, person(engine, by), NOON - 10)
    one = schedules.get(engine, "s1")
    assert one is not None
    return one


def behind_the_back(engine: Engine, statement: str, **values: object) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement), values)


def forge(engine: Engine, one: Schedule, **changes: Any) -> None:
    values = {
        "schedule_id": one.id,
        "version": one.version,
        "fingerprint": "0" * 64,
        "approved": 1,
        "persons": 2,
        "author_id": one.author,
        "by_id": person(engine, "Hoa").id,
        "by_name": "Hoa",
        "at": NOON,
        "note": "",
        "seal": "0" * 64,
        **changes,
    }
    marks = ", ".join(f":{name}" for name in values)
    behind_the_back(engine, f"INSERT INTO decisions ({COLUMNS}) VALUES ({marks})", **values)  # noqa: S608


def test_a_relay_that_is_made_ready_early_can_be_approved_as_late_as_others(engine: Engine) -> None:
    relay = replace(ONE, sound="relay:vov1:1:0123456789ab", text="")
    schedules.add(engine, relay, person(engine, "Lan"), NOON - 10)
    early = settling.settle(engine, "s1", TOMORROW + 20, GROUND)
    assert (early.queued, early.lost, early.waits) == ([], [], True)
    approve(engine, "s1", "Hoa", GROUND)
    assert len(settling.settle(engine, "s1", TOMORROW + 20, GROUND).queued) == 1


def test_a_relay_that_nobody_approved_in_time_is_refused(engine: Engine) -> None:
    schedules.add(engine, replace(ONE, sound="relay:vov1:1:0123456789ab", text=""), person(engine, "Lan"), NOON - 10)
    late = settling.settle(engine, "s1", TOMORROW + CONNECTS_S, GROUND)
    assert ([state for _, state, _ in late.lost], late.waits) == ([State.REFUSED], False)


def test_two_persons_until_the_commune_decides_otherwise(engine: Engine) -> None:
    one = written(engine)
    with pytest.raises(RefusedError, match="Another person"):
        deciding.approve(engine, one, person(engine, "Lan"), GROUND)
    approvals.decide_rule(engine, 1, "Số 12/QĐ-UBND", "admin", NOON, KEY)
    deciding.approve(engine, one, person(engine, "Lan"), GROUND)
    assert standing(engine).standing is Standing.APPROVED
    assert [row["what"] for row in audit.latest(engine, 9)][:2] == ["approved", "approval rule"]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"by": "Lan"}, "two_persons"),
        ({"by": "Lan", "author_id": 99}, "not the version that stands"),
        ({"by": "Lan", "persons": 1}, "rule of approval"),
        ({"by": "Editor"}, "only a head"),
        ({"version": 7}, "not the version that stands"),
    ],
)
def test_the_database_itself_lets_nobody_approve_what_they_wrote(
    changes: dict[str, Any], complaint: str, engine: Engine
) -> None:
    one = written(engine)
    if by := changes.pop("by", None):
        changes["by_id"] = person(engine, by, Role.EDITOR if by == "Editor" else Role.HEAD).id
    with pytest.raises(DBAPIError, match=complaint):
        forge(engine, one, **changes)


@pytest.mark.parametrize("table", ["decisions", "approval_rules", "audit"])
@pytest.mark.parametrize("statement", ["UPDATE {table} SET at = 0", "DELETE FROM {table}"])
def test_what_was_decided_stands(table: str, statement: str, engine: Engine) -> None:
    plan(engine, ONE, GROUND)
    approvals.decide_rule(engine, 2, "Số 1", "admin", NOON, KEY)
    with pytest.raises(DBAPIError, match="stands"):
        behind_the_back(engine, statement.format(table=table))


def test_a_rule_that_was_changed_behind_the_back_is_in_the_audit_too(engine: Engine) -> None:
    behind_the_back(engine, "INSERT INTO approval_rules (persons, decision, at, by_name) VALUES (1, 'x', 1, 'y')")
    assert audit.latest(engine, 1)[0]["subject"] == "1 · x"


def test_a_forged_approval_has_no_seal(engine: Engine) -> None:
    plan(engine, ONE, GROUND)
    one = schedules.get(engine, "s1")
    assert one is not None
    schedules.change(engine, replace(one, title="Khác"), person(engine, "Lan"), GROUND)
    forge(engine, replace(one, version=2))
    assert standing(engine).refusal == NOT_WHOLE


@pytest.mark.parametrize(
    "change",
    [
        "title = 'Khác'",
        "text = 'Mời cả làng'",
        "sound = 'ffff'",
        """target = '{"clusters": [1], "group": "", "all": false}'""",
        "at = '03:15:00'",
        "first = '2027-01-17'",
        "last = '2027-02-01'",
        "weekdays = '[1]'",
        "priority = 'priority'",
        "late_after_s = 7200",
        "item_class = 'government'",
        "author_id = 2",
    ],
)
def test_whatever_is_changed_behind_the_back_voids_the_approval(change: str, engine: Engine) -> None:
    plan(engine, ONE, GROUND)
    assert standing(engine).refusal is None
    behind_the_back(engine, f"UPDATE schedules SET {change}")  # noqa: S608
    assert standing(engine).refusal == NOT_WHOLE
    settled = settling.settle(engine, "s1", TOMORROW + 7 * 86400, GROUND)
    assert settled.queued == []
    assert {state for _, state, _ in settled.lost} == {State.REFUSED}


@pytest.mark.parametrize(
    ("change", "voids"),
    [({"title": "Khác"}, True), ({"sound": "ff"}, True), ({"paused": True}, False), ({"duration": 61.0}, False)],
)
def test_a_change_on_the_page_wants_a_new_approval(change: dict[str, Any], voids: bool, engine: Engine) -> None:
    plan(engine, ONE, GROUND)
    one = schedules.get(engine, "s1")
    assert one is not None
    schedules.change(engine, replace(one, **change), person(engine, "Lan"), GROUND)
    assert standing(engine).refusal == (NOBODY if voids else None)


def test_what_nobody_approved_has_a_row_that_says_so(engine: Engine) -> None:
    written(engine)
    settled = settling.settle(engine, "s1", TOMORROW, GROUND)
    ((_, state, reason),) = settled.lost
    assert (settled.queued, state, reason) == ([], State.REFUSED, NOBODY)
    assert broadcasts.history(engine)[0]["due"] == TOMORROW


def test_an_occurrence_that_waits_is_looked_at_once_more_before_it_is_prepared(engine: Engine) -> None:
    plan(engine, ONE, GROUND)
    (waiting,) = settling.settle(engine, "s1", TOMORROW, GROUND).queued
    for spoilt in (replace(waiting, sound="ffff"), replace(waiting, due=TOMORROW - 900)):
        with pytest.raises(RefusedError, match="not what was approved"):
            broadcasts.claim(engine, spoilt, GROUND)
    behind_the_back(engine, "UPDATE schedules SET sound = 'ffff'")
    with pytest.raises(RefusedError, match="not what was approved"):
        broadcasts.claim(engine, waiting, GROUND)
    behind_the_back(engine, "UPDATE schedules SET sound = 'a1b2'")
    assert broadcasts.claim(engine, waiting, GROUND)


def test_what_was_taken_in_here_is_known_again_after_a_restart(engine: Engine) -> None:
    mine = Broadcast("20270116-100000-000000", "Thơ", frozenset({2, 1}), sound="a1b2", due=int(NOON), late_after=600)
    broadcasts.add(engine, mine, GROUND)
    assert broadcasts.claim(engine, broadcasts.queued(engine)[0], GROUND)


@pytest.mark.parametrize("schedule", ["", "s1"])
def test_a_row_of_the_log_book_that_somebody_else_wrote_is_refused(schedule: str, engine: Engine) -> None:
    mine = Broadcast("20270116-100000-000000", "Thơ", frozenset({1}), sound="a1b2", due=NOON + 60, schedule=schedule)
    broadcasts.add(engine, mine, replace(GROUND, key=b"another key"))
    with pytest.raises(RefusedError, match="not written by the station"):
        broadcasts.claim(engine, broadcasts.queued(engine)[0], GROUND)


def test_of_two_approvers_one_wins(engine: Engine) -> None:
    one, told = written(engine), list[str]()
    people = [person(engine, name) for name in ("Hoa", "Minh", "An")]
    start = threading.Barrier(3)

    def press(number: int) -> None:
        start.wait()
        try:
            deciding.approve(engine, one, people[number], GROUND)
        except RefusedError as refusal:
            told.append(str(refusal))

    pressing = [threading.Thread(target=press, args=(number,)) for number in range(3)]
    for thread in pressing:
        thread.start()
    for thread in pressing:
        thread.join()
    assert [said.split(" ", 1)[1] for said in told] == ["has decided about it already."] * 2


def test_what_was_returned_is_sent_once_more_as_a_new_version(engine: Engine) -> None:
    one = written(engine)
    deciding.give_back(engine, one, person(engine, "Hoa"), "Sai giờ", GROUND)
    assert str(standing(engine).refusal) == "Hoa has returned it: Sai giờ"
    schedules.change(engine, one, person(engine, "Lan"), GROUND)
    assert standing(engine).refusal == NOBODY
    approve(engine, "s1", "Hoa", GROUND)
    assert standing(engine).refusal is None


def test_a_version_that_changed_while_it_was_read_is_not_approved(engine: Engine) -> None:
    one = written(engine)
    schedules.change(engine, replace(one, title="Khác"), person(engine, "Lan"), GROUND)
    with pytest.raises(RefusedError, match="meanwhile"):
        deciding.approve(engine, one, person(engine, "Hoa"), GROUND)


def test_a_move_calls_off_what_it_replaces_only_once_it_is_approved(engine: Engine) -> None:
    plan(engine, ONE, GROUND)
    moved = replace(ONE, id="s2", recurrence=Recurrence.once(time(17, 30), date(2027, 1, 16)), moves=("s1", TOMORROW))
    schedules.add(engine, moved, person(engine, "Lan"), NOON)
    assert broadcasts.history(engine) == []
    approve(engine, "s2", "Hoa", GROUND)
    assert settling.settle(engine, "s1", TOMORROW, GROUND).queued == []
    (instead,) = settling.settle(engine, "s2", TOMORROW + 3600, GROUND).queued
    assert instead.due == TOMORROW + 1800
    with pytest.raises(RefusedError, match="too late"):
        plan(engine, replace(moved, id="s3"), GROUND)


def test_what_one_person_approved_is_not_enough_once_it_takes_two(engine: Engine) -> None:
    approvals.decide_rule(engine, 1, "Số 1", "admin", NOON, KEY)
    deciding.approve(engine, written(engine), person(engine, "Lan"), GROUND)
    assert standing(engine).refusal is None
    approvals.decide_rule(engine, 2, "Số 2", "admin", NOON, KEY)
    assert standing(engine).refusal is not None


def test_who_pauses_what_was_returned_has_not_written_it(engine: Engine) -> None:
    one = written(engine)
    deciding.give_back(engine, one, person(engine, "Hoa"), "Sai giờ", GROUND)
    minh = person(engine, "Minh")
    schedules.change(engine, replace(one, paused=True), minh, GROUND)
    again = schedules.get(engine, "s1")
    assert again is not None
    schedules.change(engine, replace(again, paused=False), minh, GROUND)
    last = schedules.get(engine, "s1")
    assert last is not None
    schedules.change(engine, last, minh, GROUND)
    sent = schedules.get(engine, "s1")
    assert sent is not None
    assert (sent.version, sent.author) == (2, one.author)
    with pytest.raises(RefusedError, match="Another person"):
        deciding.approve(engine, sent, person(engine, "Lan"), GROUND)


def test_a_rule_that_was_forged_holds_for_nobody(engine: Engine) -> None:
    one = written(engine)
    behind_the_back(engine, "INSERT INTO approval_rules (persons, decision, at, by_name) VALUES (1, 'x', 1, 'y')")
    assert approvals.rule(engine, KEY).persons == 2
    with pytest.raises(RefusedError, match="Another person"):
        deciding.approve(engine, one, person(engine, "Lan"), GROUND)
    approvals.decide_rule(engine, 2, "Số 3", "admin", NOON, KEY)
    deciding.approve(engine, one, person(engine, "Hoa"), GROUND)


@pytest.mark.parametrize("table", ["decisions", "approval_rules", "audit"])
def test_nor_can_it_be_replaced(table: str, engine: Engine) -> None:
    plan(engine, ONE, GROUND)
    approvals.decide_rule(engine, 2, "Số 1", "admin", NOON, KEY)
    with pytest.raises(DBAPIError, match="stands"):
        behind_the_back(engine, f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")  # noqa: S608


def test_an_earlier_version_that_is_put_back_by_hand_is_not_approved(engine: Engine) -> None:
    plan(engine, ONE, GROUND)
    one = schedules.get(engine, "s1")
    assert one is not None
    schedules.change(engine, replace(one, title="Khác"), person(engine, "Lan"), GROUND)
    approve(engine, "s1", "Hoa", GROUND)
    behind_the_back(engine, "UPDATE schedules SET title = 'Họp thôn', version = 1")
    assert standing(engine).refusal == NOT_WHOLE


def test_an_occurrence_that_is_queued_twice_by_hand_sounds_once(engine: Engine) -> None:
    plan(engine, ONE, GROUND)
    (first,) = settling.settle(engine, "s1", TOMORROW, GROUND).queued
    second = replace(first, id="20270116-100000-ffffff")
    with engine.begin() as connection:
        broadcasts.insert_broadcast(connection, second, NOON)
    with pytest.raises(RefusedError, match="not written by the station"):
        broadcasts.claim(engine, second, GROUND)


@pytest.mark.parametrize("at", [time(17, 10), time(18)])
def test_a_day_whose_session_was_moved_owes_no_other_one(at: time, engine: Engine) -> None:
    plan(engine, ONE, GROUND)
    moved = replace(ONE, id="s2", recurrence=Recurrence.once(time(17, 30), date(2027, 1, 16)), moves=("s1", TOMORROW))
    plan(engine, moved, GROUND)
    one = schedules.get(engine, "s1")
    assert one is not None
    schedules.change(engine, replace(one, recurrence=replace(one.recurrence, at=at)), person(engine, "Lan"), GROUND)
    approve(engine, "s1", "Hoa", GROUND)
    assert settling.settle(engine, "s1", TOMORROW + 43200, GROUND).queued == []
    (told, *_) = broadcasts.history(engine)
    assert told["reason"]["text"].startswith("Moved")
