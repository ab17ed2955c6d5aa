from __future__ import annotations

import json
import threading

import pytest

from broadcaster.control.server import ControlServer
from tests.web.conftest import SETTINGS, Person
from web import live
from web.live import Live
from web.station import Station


def status(**more: object) -> dict[str, object]:
    clusters = [{"number": c.number, "name": c.name, "state": "unknown", "since": None} for c in SETTINGS.cluster]
    transmitter = {"on": False, "evidence": "acknowledged", "since": 0}
    return {"transmitter": transmitter, "clusters": clusters, "current": None, "next": [], "faults": [], **more}


CURRENT = {
    "title": "Họp <b>thôn</b>",
    "clusters": [2],
    "priority": "routine",
    "state": "on_air",
    "since": 1.0,
    "duration_s": 60.0,
}
EMERGENCY = {**CURRENT, "priority": "emergency"}
FAULT = {
    "kind": "unkey",
    "sentence": {"text": "The {what} hangs.", "values": {"what": "relay"}},
    "since": 1.0,
    "over": True,
    "latched": True,
}


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        ({}, ["Hiện không phát", "đã tắt", "chưa gửi lệnh nào"]),
        ({"current": CURRENT}, ["ĐANG PHÁT", "Họp &lt;b&gt;thôn", "Thôn Đông (2)", 'data-ends="61.0"']),
        ({"current": EMERGENCY}, ["ĐANG PHÁT KHẨN CẤP", 'data-on-air="emergency"']),
        ({"current": {**EMERGENCY, "state": "keying"}}, ["KHẨN CẤP, CHƯA LÊN SÓNG"]),
        ({"current": {**CURRENT, "state": "opening"}}, ["CHƯA LÊN SÓNG"]),
        ({"current": {**CURRENT, "state": "closing"}}, ["ĐANG KẾT THÚC"]),
        ({"transmitter": {"on": None}}, ["CHƯA RÕ"]),
        ({"faults": [FAULT]}, ["The relay hangs.", "Tôi đã xem", "chỉ phát được tin khẩn cấp"]),
        ({"next": [{"title": "Cúp điện"}]}, ["Cúp điện"]),
    ],
)
def test_what_is_known_is_said_in_words(
    now: dict[str, object], shown: list[str], lan: Person, station: Station
) -> None:
    server = ControlServer(station.home.control_socket, {"status": lambda _: status(**now)})
    page = lan.client.get("/").text
    server.close()
    for words in shown:
        assert words in page


@pytest.mark.parametrize("state", ["preparing", "keying", "opening", "closing", "unkeying"])
def test_on_air_is_claimed_of_nothing_else(state: str, lan: Person, station: Station) -> None:
    server = ControlServer(
        station.home.control_socket, {"status": lambda _: status(current={**EMERGENCY, "state": state})}
    )
    page = lan.client.get("/").text
    server.close()
    assert "ĐANG PHÁT" not in page.partition('id="now"')[2].partition("</section>")[0]
    assert "data-on-air" not in page


@pytest.mark.parametrize("page", ["/bulletin", "/programme", "/log", "/uptime", "/password"])
def test_a_latched_fault_alarms_on_every_page(page: str, lan: Person, station: Station) -> None:
    known: list[object] = []
    server = ControlServer(station.home.control_socket, {"status": lambda _: status(faults=known)})
    assert 'section class="alarm"' not in lan.client.get(page).text
    known.append(FAULT)
    shown = lan.client.get(page).text
    server.close()
    assert 'section class="alarm"' in shown
    assert "The relay hangs." in shown


def test_without_a_daemon_nothing_is_claimed(lan: Person) -> None:
    page = lan.client.get("/").text
    assert "không trả lời" in page
    assert "đã tắt" not in page


def test_a_stream_sends_everything_first_and_then_what_changes(lan: Person, station: Station) -> None:
    shown = status()
    server = ControlServer(station.home.control_socket, {"status": lambda _: shown})
    answer = lan.client.get("/stream")
    events = (json.loads(str(event, "utf-8").split("data: ")[1]) for event in answer.iter_encoded())
    assert set(next(events)) == {"now", "level", "day", "night", "next", "map", "clusters", "faults", "alarm"}
    shown["faults"] = [FAULT]
    assert set(next(events)) == {"faults", "alarm"}
    answer.close()
    server.close()


def test_one_look_for_all_and_none_without_listeners() -> None:
    looked = threading.Event()
    one = Live(lambda: looked.set() or {"vi": {"now": "x"}})  # type: ignore[func-returns-value]
    assert not looked.is_set()
    assert one.join()
    assert next(one.listen("vi")) == {"now": "x"}
    one.leave()


def test_there_is_a_limit_so_that_an_emergency_finds_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_STREAMS", 2)
    one = Live(lambda: {"vi": {}})
    assert [one.join() for _ in range(3)] == [True, True, False]
    one.leave()
    assert one.join()
    one.leave()
    one.leave()
