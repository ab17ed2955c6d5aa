from __future__ import annotations

from sqlalchemy import Engine

from broadcaster.model.evidence import Evidence
from broadcaster.storage import intervals


def of(engine: Engine, device: str) -> list[tuple[str, float, float | None]]:
    return [(row["state"], row["from_at"], row["until_at"]) for row in intervals.of(engine, device)]


def test_a_new_state_ends_the_old_one(engine: Engine) -> None:
    intervals.enter(engine, "transmitter", "off", Evidence.ACKNOWLEDGED, 1.0)
    intervals.enter(engine, "transmitter", "off", Evidence.ACKNOWLEDGED, 2.0)
    intervals.enter(engine, "cluster-07", "open", Evidence.COMMANDED, 2.5)
    intervals.enter(engine, "transmitter", "on", Evidence.ACKNOWLEDGED, 3.0)
    assert of(engine, "transmitter") == [("off", 1.0, 3.0), ("on", 3.0, None)]
    assert of(engine, "cluster-07") == [("open", 2.5, None)]


def test_stronger_evidence_is_an_interval_of_its_own(engine: Engine) -> None:
    intervals.enter(engine, "transmitter", "off", Evidence.COMMANDED, 1.0)
    intervals.enter(engine, "transmitter", "off", Evidence.ACKNOWLEDGED, 2.0)
    assert [row["evidence"] for row in intervals.of(engine, "transmitter")] == ["commanded", "acknowledged"]


def test_no_interval_ends_before_it_begins_when_the_clock_is_set_back(engine: Engine) -> None:
    intervals.enter(engine, "transmitter", "off", Evidence.ACKNOWLEDGED, 100.0)
    intervals.enter(engine, "transmitter", "on", Evidence.ACKNOWLEDGED, 50.0)
    intervals.end_all(engine, 10.0)
    assert of(engine, "transmitter") == [("on", 50.0, 50.0), ("off", 100.0, 100.0)]


def test_after_a_crash_nothing_counts_past_the_last_sign(engine: Engine) -> None:
    intervals.enter(engine, "controller", "up", Evidence.ACKNOWLEDGED, 10.0)
    intervals.enter(engine, "cluster-01", "closed", Evidence.COMMANDED, 20.0)
    intervals.touch(engine, "controller", 50.0)
    last = intervals.last_sign(engine)
    assert last == 50.0
    intervals.end_all(engine, last)
    intervals.enter(engine, "controller", "up", Evidence.ACKNOWLEDGED, 900.0)
    assert of(engine, "controller") == [("up", 10.0, 50.0), ("up", 900.0, None)]
    assert of(engine, "cluster-01") == [("closed", 20.0, 50.0)]


def test_an_empty_log_book_has_no_sign(engine: Engine) -> None:
    assert intervals.last_sign(engine) is None
