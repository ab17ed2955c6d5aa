from __future__ import annotations

import json
import resource
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from broadcaster.simulation.diary import Diary, Transcript


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


@pytest.fixture
def diary(path: Path) -> Iterator[Diary]:
    with closing(Diary(path)) as one:
        yield one


def events(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def untimed(path: Path) -> list[dict[str, Any]]:
    return [{k: v for k, v in event.items() if k != "time"} for event in events(path)]


def test_one_object_a_line_with_its_time(path: Path, diary: Diary) -> None:
    diary.tell("relay", channel=1, on=True)
    diary.tell("code", digits="*021#")
    assert untimed(path) == [
        {"what": "relay", "channel": 1, "on": True},
        {"what": "code", "digits": "*021#"},
    ]
    assert all(isinstance(event["time"], float) for event in events(path))


def test_lines_of_many_threads_stand_whole_and_in_the_order_of_their_times(path: Path, diary: Diary) -> None:
    def write(number: int) -> None:
        for _ in range(200):
            diary.tell("cluster", number=number, open=True)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times = [event["time"] for event in events(path)]
    assert len(times) == 800
    assert times == sorted(times)


def test_a_full_disk_loses_lines_but_leaves_none_half(path: Path, diary: Diary) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        for channel in range(1, 5):
            diary.tell("relay", channel=channel, on=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    diary.tell("relay", channel=9, on=True)
    assert [event["channel"] for event in events(path)] == [1, 9]


def test_a_diary_that_cannot_be_written_stops_nothing_and_goes_on_later(tmp_path: Path) -> None:
    path = tmp_path / "field" / "events.jsonl"
    with closing(Diary(path)) as diary:
        diary.tell("carrier", on=True)
        path.parent.mkdir()
        diary.tell("carrier", on=False)
    assert untimed(path) == [{"what": "carrier", "on": False}]


def test_with_new_power_what_stood_on_is_told_to_be_off(path: Path, diary: Diary) -> None:
    diary.tell("relay", channel=2, on=True)
    diary.tell("relay", channel=2, on=False)
    diary.tell("relay", channel=1, on=True)
    diary.tell("carrier", on=True)
    diary.tell("code", digits="*021#")
    diary.tell("cluster", number=2, open=True)
    diary.tell("cluster", number=3, open=True)
    diary.tell("cluster", number=3, open=False)
    written = len(events(path))
    with closing(Diary(path)) as fresh:
        fresh.power_up()
        fresh.power_up()
    assert untimed(path)[written:] == [
        {"what": "relay", "channel": 1, "on": False},
        {"what": "carrier", "on": False},
        {"what": "cluster", "number": 2, "open": False},
    ]


@pytest.mark.parametrize("left", [None, "", '{"time": 1, "wh', '[1]\n{"what": "relay"}\n7\n'])
def test_a_diary_that_is_missing_or_spoilt_is_no_obstacle(path: Path, left: str | None, diary: Diary) -> None:
    if left is not None:
        path.write_text(left)
    diary.power_up()
    diary.tell("carrier", on=True)
    assert path.read_text().splitlines()[-1].endswith('"what": "carrier", "on": true}')


def test_the_transcript_is_hex_with_the_time_in_utc(tmp_path: Path) -> None:
    with closing(Transcript(tmp_path / "wire.log")) as transcript:
        transcript.line(">", bytes.fromhex("01050000FF008C3A"), 1795428900.123456)
    line = (tmp_path / "wire.log").read_text()
    assert line == "2026-11-23T10:15:00.123456Z > 01 05 00 00 FF 00 8C 3A\n"
