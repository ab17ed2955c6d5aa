from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from broadcaster.errors import StorageError
from broadcaster.model.broadcast import ENDS, Broadcast, State, new_broadcast_id
from broadcaster.model.priority import Priority
from broadcaster.model.verdict import Verdict
from broadcaster.storage import broadcasts
from broadcaster.storage.database import database_url, open_database
from broadcaster.words import Sentence
from tests.people import ground_at

ONE = Broadcast(
    "20261123-101500-9f3c2a",
    "Tiêm chủng",
    frozenset({2, 7}),
    Priority.PRIORITY,
    "a1b2",
    due=1000.0,
    duration=63.5,
)
CLAIM = """
import sys
from broadcaster.storage import broadcasts, database
from tests.people import ground_at
engine = database.open_database(sys.argv[1])
(one,) = broadcasts.queued(engine)
print("ready", flush=True)
sys.stdin.readline()
print(broadcasts.claim(engine, one, ground_at(2.0)))
engine.dispose()
"""


def state(engine: Engine, broadcast: Broadcast = ONE) -> str:
    row = broadcasts.get(engine, broadcast.id)
    assert row is not None
    return str(row["state"])


def test_what_is_queued_comes_back_whole_and_soonest_first(engine: Engine) -> None:
    later = replace(ONE, id="b", due=2000.0, message="x")
    for broadcast in (later, ONE):
        broadcasts.add(engine, broadcast, ground_at(1.0))
    assert broadcasts.queued(engine) == [ONE, later]
    assert broadcasts.get(engine, "c") is None


def test_nothing_is_added_twice(engine: Engine) -> None:
    broadcasts.add(engine, ONE, ground_at(1.0))
    with pytest.raises(StorageError):
        broadcasts.add(engine, ONE, ground_at(2.0))
    assert len(broadcasts.queued(engine)) == 1


def test_one_thread_wins_a_claim(engine: Engine) -> None:
    broadcasts.add(engine, ONE, ground_at(1.0))
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda _: broadcasts.claim(engine, ONE, ground_at(2.0)), range(16)))
    assert won.count(True) == 1
    assert broadcasts.changes(engine, ONE.id) == [(State.QUEUED, 1.0), (State.PREPARING, 2.0)]


def test_one_process_wins_a_claim(engine: Engine) -> None:
    broadcasts.add(engine, ONE, ground_at(1.0))
    command, pipe = [sys.executable, "-c", CLAIM, str(engine.url)], subprocess.PIPE
    racing = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(3)]
    assert [process.stdout.readline() for process in racing if process.stdout] == ["ready\n"] * 3
    assert sorted(process.communicate("go\n", timeout=60)[0] for process in racing) == [
        "False\n",
        "False\n",
        "True\n",
    ]


def test_a_broadcast_from_carrier_to_end(engine: Engine) -> None:
    broadcasts.add(engine, ONE, ground_at(1.0))
    for at, entered in enumerate((State.PREPARING, State.KEYING, State.OPENING, State.ON_AIR, State.CLOSING), 2):
        broadcasts.record(engine, ONE, entered, float(at))
    broadcasts.record(engine, ONE, State.COMPLETED, 9.0, sounded_s=63.5)
    row = broadcasts.history(engine)[0]
    assert (row["keyed_at"], row["on_air_at"], row["ended_at"], row["sounded_s"]) == (3.0, 5.0, 9.0, 63.5)
    assert row["reason"] is None


def test_one_that_takes_a_carrier_over_is_keyed_from_then_on(engine: Engine) -> None:
    broadcasts.record(engine, ONE, State.OPENING, 5.0)
    broadcasts.record(engine, ONE, State.ON_AIR, 6.0)
    assert broadcasts.history(engine)[0]["keyed_at"] == 5.0


def test_a_reason_is_kept_as_a_sentence(engine: Engine) -> None:
    why = Sentence("Cut off by: {title}", title=Sentence("emergency"))
    broadcasts.record(engine, ONE, State.ABORTED, 3.0, reason=why, sounded_s=1.0)
    assert Sentence.from_json(broadcasts.history(engine)[0]["reason"]).to("en") == "Cut off by: emergency"


def test_what_a_crash_interrupted_has_failed(engine: Engine) -> None:
    moved = {name: replace(ONE, id=name) for name in State}
    for name, broadcast in moved.items():
        broadcasts.record(engine, broadcast, State(name), 1.0)
    interrupted = broadcasts.fail_interrupted(engine, 9.0, Sentence("power cut"))
    assert set(interrupted.values()) == {ONE.title}
    assert set(interrupted) == set(State) - ENDS - {State.QUEUED}
    assert {state(engine, moved[State(name)]) for name in interrupted} == {"failed"}
    assert all(broadcasts.changes(engine, name)[-1] == (State.FAILED, 9.0) for name in interrupted)
    assert state(engine, moved[State.QUEUED]) == "queued"
    assert broadcasts.fail_interrupted(engine, 10.0, Sentence("power cut")) == {}


@pytest.fixture(scope="module")
def shared() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(database_url(Path(folder) / "walk.sqlite3", {}))
        yield engine
        engine.dispose()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(State), max_size=12))
def test_the_history_always_ends_in_the_state_and_never_repeats(shared: Engine, told: list[State]) -> None:
    broadcast = replace(ONE, id=new_broadcast_id(1.0))
    broadcasts.add(shared, broadcast, ground_at(1.0))
    for entered in told:
        broadcasts.record(shared, broadcast, entered, 2.0)
    went = [entered for entered, _ in broadcasts.changes(shared, broadcast.id)]
    assert went[-1] == state(shared, broadcast)
    assert len(went) == len(set(went))
    assert not ENDS & set(went[:-1])
    if ENDS & set(told):
        assert went[-1] == next(entered for entered in told if entered in ENDS)


def test_what_is_asked_for_twice_under_one_name_sounds_once(engine: Engine) -> None:
    assert broadcasts.add(engine, ONE, ground_at(1.0), asked="s1") == ONE.id
    again = replace(ONE, id="20261123-101500-ffffff")
    assert broadcasts.add(engine, again, ground_at(2.0), asked="s1") == ONE.id
    assert broadcasts.get(engine, again.id) is None


@pytest.mark.parametrize(
    ("end", "sounded_s", "counts"),
    [
        (State.MISSED, None, False),
        (State.FAILED, 0.0, False),
        (State.REFUSED, None, False),
        (State.ABORTED, None, False),  # cancelled while it waited: whoever asks again wants it to sound
        (State.ABORTED, 4.0, True),
        (State.FAILED, 4.0, True),
        (State.COMPLETED, 4.0, True),
    ],
)
def test_what_ended_without_a_sound_is_not_what_was_asked_for(
    end: State, sounded_s: float | None, counts: bool, engine: Engine
) -> None:
    broadcasts.add(engine, ONE, ground_at(1.0), asked="s1")
    broadcasts.record(engine, ONE, end, 2.0, sounded_s=sounded_s)
    again = replace(ONE, id="20261123-101500-ffffff")
    assert broadcasts.add(engine, again, ground_at(3.0), asked="s1") == (ONE.id if counts else again.id)
    third = replace(ONE, id="20261123-101500-eeeeee")
    assert broadcasts.add(engine, third, ground_at(3.0), asked="s1") == (ONE.id if counts else again.id)


@pytest.mark.parametrize("why", [None, Sentence("only hiss")])
def test_what_the_monitor_says_of_it_is_kept(why: Sentence | None, engine: Engine) -> None:
    broadcasts.record(engine, ONE, State.COMPLETED, 2.0)
    assert broadcasts.history(engine)[0]["verdict"] is None
    broadcasts.hear(engine, ONE.id, Verdict.NOT_HEARD, why)
    row = broadcasts.history(engine)[0]
    assert (row["verdict"], row["verdict_why"]) == ("not_heard", why.as_json() if why else None)
