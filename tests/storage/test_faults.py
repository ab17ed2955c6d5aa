from __future__ import annotations

from sqlalchemy import Engine

from broadcaster.storage import faults
from broadcaster.words import Sentence

WHY = Sentence("The relay board does not answer on {port}.", port="/dev/ttyUSB0")


def kinds(rows: list[dict[str, object]]) -> list[object]:
    return [row["kind"] for row in rows]


def test_a_fault_is_open_until_it_is_cleared(engine: Engine) -> None:
    faults.raise_(engine, "relay", WHY, 1.0, latched=False, over=False)
    faults.raise_(engine, "relay", WHY, 2.0, latched=False, over=False)
    assert [(row["kind"], row["raised_at"]) for row in faults.open_faults(engine)] == [("relay", 1.0)]
    faults.clear(engine, "relay", 3.0)
    assert faults.open_faults(engine) == []
    faults.raise_(engine, "relay", WHY, 4.0, latched=False, over=False)
    assert [row["raised_at"] for row in faults.open_faults(engine)] == [4.0]


def test_a_latched_fault_waits_for_a_person(engine: Engine) -> None:
    faults.raise_(engine, "unkey", WHY, 1.0, latched=True, over=False)
    faults.clear(engine, "unkey", 2.0)
    row = faults.unseen(engine)[0]
    assert Sentence.from_json(row["sentence"]) == WHY
    faults.acknowledge(engine, "unkey", 3.0, by="Nguyễn Văn An")
    assert faults.unseen(engine) == []


def test_a_latched_fault_that_a_restart_tells_again_is_written_once(engine: Engine) -> None:
    faults.raise_(engine, "unkey", WHY, 1.0, latched=True, over=False)
    faults.clear(engine, "unkey", 2.0)
    for _ in range(3):
        for row in faults.unseen(engine):
            faults.raise_(engine, row["kind"], WHY, row["raised_at"], latched=True, over=True)
    assert kinds(faults.unseen(engine)) == ["unkey"]


def test_what_was_over_at_once_waits_for_a_person_too_and_what_came_right_does_not(engine: Engine) -> None:
    faults.raise_(engine, "broadcast", WHY, 1.0, latched=False, over=True)
    faults.raise_(engine, "wire", WHY, 1.0, latched=False, over=False)
    faults.clear(engine, "wire", 2.0)
    assert kinds(faults.unseen(engine)) == ["broadcast"]
    faults.acknowledge(engine, "broadcast", 3.0, by="Lan")
    assert faults.unseen(engine) == []


def test_what_an_earlier_process_raised_does_not_stand_for_ever(engine: Engine) -> None:
    faults.raise_(engine, "wire", WHY, 1.0, latched=False, over=False)
    faults.raise_(engine, "unkey", WHY, 1.0, latched=True, over=False)
    faults.raise_(engine, "late", WHY, 9.0, latched=False, over=False)
    faults.end_all(engine, 5.0)
    assert kinds(faults.open_faults(engine)) == ["unkey"]
    assert kinds(faults.unseen(engine)) == ["unkey"]
