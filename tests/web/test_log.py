from __future__ import annotations

import os
from pathlib import Path

import pytest

from broadcaster.model.broadcast import Broadcast, State
from broadcaster.model.keeping import Why
from broadcaster.model.priority import Priority
from broadcaster.model.verdict import Verdict
from broadcaster.storage import broadcasts, recordings
from broadcaster.words import Sentence
from tests.end_to_end.station import samples
from tests.web.conftest import Person
from web.station import Station

AUDIO = Path(__file__).parents[2] / "audio"
DAY = 1_795_400_000.0  # 2026-11-23 in Viet Nam


def entry(station: Station, number: int, state: State = State.COMPLETED, **more: object) -> Broadcast:
    one = Broadcast(f"20261123-0000{number:02}-abcdef", f"Tin {number}", frozenset({1, 2}), **more)  # type: ignore[arg-type]
    broadcasts.record(station.log_book, one, State.ON_AIR, DAY + number)
    reason = None if state is State.COMPLETED else Sentence("Stopped by a person")
    broadcasts.record(station.log_book, one, state, DAY + number + 30, reason=reason, sounded_s=29.0)
    return one


def test_what_aired_when_where_and_how_it_ended(lan: Person, station: Station) -> None:
    entry(station, 1, by="Hoa", origin="page")
    entry(station, 2, State.ABORTED, priority=Priority.EMERGENCY)
    page = lan.client.get("/log").text
    assert page.index("Tin 2") < page.index("Tin 1")
    for shown in (
        "đã phát trọn vẹn",
        "29 giây",
        "Thôn Đông (2)",
        "từ trang web (Hoa)",
        "đã phát cho đến khi có người bấm dừng",
        "khẩn cấp",
    ):
        assert shown in page


def test_what_was_on_air_can_be_heard_and_wound(lan: Person, station: Station) -> None:
    one = entry(station, 1)
    assert "<audio" not in lan.client.get("/log").text
    sound = (AUDIO / "chime-open.wav").read_bytes()
    path = station.home.air / f"{one.id}.wav"
    path.write_bytes(sound)
    assert f'src="/log/{one.id}.wav"' in lan.client.get("/log").text
    assert lan.client.get(f"/log/{one.id}.wav", buffered=True).data == sound
    part = lan.client.get(f"/log/{one.id}.wav", headers={"Range": "bytes=1000-1999"}, buffered=True)
    assert (part.status_code, part.data) == (206, sound[1000:2000])
    assert len(samples(path)) > 0


def test_a_compressed_recording_is_found_under_either_name(lan: Person, station: Station) -> None:
    one = entry(station, 1)
    (station.home.air / f"{one.id}.flac").write_bytes(b"fLaC")
    assert f'src="/log/{one.id}.flac"' in lan.client.get("/log").text
    heard = lan.client.get(f"/log/{one.id}.wav", follow_redirects=True, buffered=True)
    assert (heard.data, heard.mimetype) == (b"fLaC", "audio/flac")
    (told,) = lan.client.get("/api/log").get_json()["broadcasts"]
    assert told["recording"] == f"/log/{one.id}.flac"


@pytest.mark.parametrize(
    ("why", "said"),
    [(Why.AGE, "Bản ghi âm đã xóa sau 90 ngày."), (Why.ROOM, "Bản ghi âm đã xóa sau 90 ngày, vì ổ đĩa đầy.")],
)
def test_a_recording_that_was_deleted_is_said_to_be(why: Why, said: str, lan: Person, station: Station) -> None:
    one = entry(station, 1)
    (station.home.air / f"{one.id}.wav").write_bytes(b"RIFF")
    recordings.remove(station.home.air, one.id, why)
    at = DAY + 31 + 90 * 86400
    os.utime(station.home.air / "removed" / f"{one.id}.{why}", (at, at))
    page = lan.client.get("/log").text
    assert said in page
    assert "<audio" not in page
    assert lan.client.get(f"/log/{one.id}.wav").status_code == 404
    (told,) = lan.client.get("/api/log").get_json()["broadcasts"]
    assert (told["recording"], told["recording_removed_at"]) == (None, at)


def test_only_recordings_of_broadcasts_are_played(lan: Person, station: Station) -> None:
    (station.home.air / "secret.wav").write_bytes(b"x")
    assert lan.client.get("/log/secret.wav").status_code == 404


@pytest.mark.parametrize(("day", "shown"), [("2026-11-23", True), ("2026-11-24", False), ("", True)])
def test_one_day_of_it(day: str, shown: bool, lan: Person, station: Station) -> None:
    entry(station, 1)
    assert ("Tin 1" in lan.client.get(f"/log?day={day}").text) == shown


def test_a_day_that_is_none(lan: Person) -> None:
    assert "Xin ghi ngày" in lan.client.get("/log?day=hom-qua").text


def test_older_pages(lan: Person, station: Station) -> None:
    for number in range(35):
        entry(station, number)
    first, second = lan.client.get("/log").text, lan.client.get("/log?page=1").text
    assert "Tin 34" in first
    assert "Tin 4 " not in first
    assert "Tin 4<" in second
    assert "Cũ hơn" in first
    assert "Cũ hơn" not in second
    assert lan.client.get("/log?page=-5").status_code == 200
    assert lan.client.get("/log?page=x").status_code == 200


def test_what_the_monitor_says_stands_there_with_its_clip(lan: Person, station: Station) -> None:
    one, other = entry(station, 1), entry(station, 2)
    broadcasts.hear(station.log_book, one.id, Verdict.HEARD, None)
    why = Sentence("only hiss: the transmitter does not radiate")
    broadcasts.hear(station.log_book, other.id, Verdict.NOT_HEARD, why)
    sound = (AUDIO / "chime-open.wav").read_bytes()
    (station.home.air / f"{other.id}.heard.wav").write_bytes(sound)
    page = lan.client.get("/log").text
    assert page.index("KHÔNG NGHE THẤY trên sóng: chỉ có tiếng xì") < page.index("đã nghe thấy trên sóng")
    assert lan.client.get(f"/log/heard/{other.id}.wav", buffered=True).data == sound
    assert f"/log/heard/{one.id}.wav" not in page
    assert lan.client.get(f"/log/heard/{one.id}.wav").status_code == 404
    told = lan.client.get("/api/log").json["broadcasts"]  # type: ignore[index]
    assert [row["verdict"] for row in told] == ["not_heard", "heard"]
    assert told[0]["verdict_why"]


def test_before_there_is_a_verdict_none_is_shown(lan: Person, station: Station) -> None:
    entry(station, 1)
    assert "Máy thu kiểm tra" not in lan.client.get("/log").text
