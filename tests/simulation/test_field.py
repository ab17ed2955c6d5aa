from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from broadcaster.simulation.diary import Diary
from broadcaster.simulation.field import FOREIGN_DBFS, FOREIGN_HZ, Field, programmed
from tests.judges import pcm_of
from tests.simulation.network import ten_clusters
from tests.simulation.sounds import Samples, chunks, code, noise, samples_of, silence

KEY = 1
ALL = list(range(1, 11))


class Air:
    """A field with what it wrote."""

    def __init__(self, folder: Path, **encoder: Any) -> None:
        self.folder = folder
        self._diary = Diary(folder / "events.jsonl")
        self.field = Field(ten_clusters(**encoder), folder, self._diary)

    def sound(self, *parts: Samples) -> bytes:
        """Let it hear these; return the PCM."""
        heard = chunks(np.concatenate(parts))
        for chunk in heard:
            self.field.hear(chunk)
        return b"".join(heard)

    def call(self, *codes: str) -> list[int]:
        """Send codes; return who is open then."""
        for one in codes:
            self.sound(silence(200), code(one), silence(200))
        return self.field.open

    def events(self, *whats: str) -> list[dict[str, Any]]:
        lines = (self.folder / "events.jsonl").read_text().splitlines()
        return [event for event in map(json.loads, lines) if not whats or event["what"] in whats]

    def recordings(self, number: int) -> list[bytes]:
        return [pcm_of(path) for path in sorted((self.folder / f"cluster-{number:02}").glob("*.wav"))]

    def close(self) -> None:
        self.field.switch_off()
        self._diary.close()


Make = Callable[..., Air]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[Air] = []

    def one(**encoder: Any) -> Air:
        made.append(Air(tmp_path, **encoder))
        return made[-1]

    yield one
    for air in made:
        air.close()


@pytest.fixture
def keyed(make: Make) -> Air:
    air = make()
    air.field.relay(KEY, True)
    return air


def test_a_receiver_knows_its_own_code_its_groups_and_everyones() -> None:
    two = programmed(ten_clusters())[1]
    assert two.number == 2
    assert two.opens == {"*021#", "*911#", "*921#", "*991#"}
    assert two.closes == {"*020#", "*910#", "*920#", "*990#"}


def test_without_all_call_no_empty_code_is_programmed() -> None:
    (one, *_) = programmed(ten_clusters(open_all="", close_all=""))
    assert one.opens == {"*011#", "*911#"}
    assert one.closes == {"*010#", "*910#"}


@pytest.mark.parametrize(
    ("codes", "opened"),
    [
        (["*021#"], [2]),
        (["*021#", "*071#"], [2, 7]),
        (["*911#"], [1, 2, 3]),
        (["*921#"], [2, 4, 6, 8, 10]),
        (["*991#"], ALL),
        (["*991#", "*030#"], [1, 2, *range(4, 11)]),
        (["*991#", "*910#"], list(range(4, 11))),
        (["*991#", "*990#"], []),
        (["021#"], []),
        (["*021"], []),
        (["*0211#"], []),
        (["*111#"], []),
    ],
)
def test_clusters_obey_exactly_their_codes(keyed: Air, codes: list[str], opened: list[int]) -> None:
    assert keyed.call(*codes) == opened
    assert [event["digits"] for event in keyed.events("code")] == codes


def test_other_templates_are_programmed_too(make: Make) -> None:
    air = make(open_cluster="A{cluster}D", close_all="B0")
    air.field.relay(KEY, True)
    assert air.call("A07D", "*021#") == [7]
    assert air.call("B0") == []


def test_the_carrier_follows_its_relay_alone(make: Make) -> None:
    air = make()
    for channel, on in ((2, True), (1, True), (1, False)):
        air.field.relay(channel, on)
    told = [(event["what"], event.get("channel"), event["on"]) for event in air.events()]
    assert told == [
        ("relay", 2, True),
        ("relay", 1, True),
        ("carrier", None, True),
        ("relay", 1, False),
        ("carrier", None, False),
    ]


def test_without_a_carrier_no_code_arrives(make: Make) -> None:
    air = make()
    assert air.call("*991#") == []
    air.sound(silence(200), code("*99"))
    air.field.relay(KEY, True)
    air.sound(code("1#"), silence(300))
    assert [event["digits"] for event in air.events("code")] == ["1#"]


def test_a_code_is_told_once_and_before_those_who_obey(keyed: Air) -> None:
    keyed.call("*911#", "*911#")
    told = [(event["what"], event.get("number")) for event in keyed.events("code", "cluster")]
    assert told == [("code", None), ("cluster", 1), ("cluster", 2), ("cluster", 3), ("code", None)]


def test_an_opening_is_recorded_from_its_code_to_the_closing_one(keyed: Air) -> None:
    before = keyed.sound(silence(200), code("*021#"), silence(200))
    programme = keyed.sound(noise(1234))
    after = keyed.sound(silence(200), code("*020#"), silence(200))
    keyed.sound(noise(500))
    (heard,) = keyed.recordings(2)
    start = heard.index(programme)
    assert before.endswith(heard[:start])
    assert after.startswith(heard[start + len(programme) :])
    assert not any(keyed.recordings(number) for number in ALL if number != 2)


def test_each_opening_is_a_file_of_its_own(keyed: Air) -> None:
    keyed.call("*031#", "*030#", "*031#", "*031#", "*990#")
    assert [len(keyed.recordings(number)) for number in (2, 3)] == [0, 2]


def test_when_the_carrier_drops_open_clusters_stay_open_and_hear_a_stranger(keyed: Air) -> None:
    keyed.call("*051#")
    keyed.field.relay(KEY, False)
    assert keyed.field.open == [5]
    keyed.sound(noise(1000))
    keyed.field.switch_off()
    heard = samples_of(keyed.recordings(5)[0])[-48_000:]
    expected = 10 ** (FOREIGN_DBFS / 20) * np.sin(2 * np.pi * FOREIGN_HZ * np.arange(48_000) / 48_000)
    assert np.abs(heard - expected).max() < 1e-4


def test_a_recording_is_finished_before_the_closing_is_told(keyed: Air) -> None:
    """Who reads the diary may read the file at once."""
    keyed.call("*011#")
    sounds = chunks(np.concatenate([noise(505), silence(200), code("*010#"), silence(200)]))
    heard = b""
    while keyed.events("cluster")[-1]["open"]:
        heard += (chunk := sounds.pop(0))
        keyed.field.hear(chunk)
    assert keyed.recordings(1)[0].endswith(heard)
