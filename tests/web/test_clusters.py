from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from broadcaster.control.server import ControlServer
from broadcaster.storage import faults
from broadcaster.words import Sentence
from tests.web.conftest import SETTINGS, Person
from web.station import Station


@pytest.fixture
def asked(station: Station) -> Iterator[list[dict[str, object]]]:
    """What a stand-in for the daemon's ear was asked; it knows of cluster 1 that a person heard nothing."""
    found: list[dict[str, object]] = []

    def take(request: dict[str, object]) -> dict[str, object]:
        found.append(request)
        return {}

    def status(_: dict[str, object]) -> dict[str, object]:
        clusters: list[dict[str, Any]] = [
            {"number": c.number, "name": c.name, "state": "unknown", "since": None, "heard": None}
            for c in SETTINGS.network.clusters
        ]
        clusters[0]["heard"] = {"by_a_person": False, "at": time.time()}
        return {"clusters": clusters, "faults": []}

    server = ControlServer(station.home.control_socket, {"test cluster": take, "cluster heard": take, "status": status})
    yield found
    server.close()


def test_a_person_tests_a_cluster_and_says_what_was_heard(lan: Person, asked: list[dict[str, object]]) -> None:
    answer = lan.post("/clusters/3/test", on="/clusters", follow_redirects=True)
    assert "Có nghe thấy cụm 3" in answer.text
    lan.post("/clusters/3/heard", {"heard": "yes"})
    lan.post("/clusters/4/heard", {"heard": "no"})
    assert [(one["do"], one["cluster"], one.get("heard")) for one in asked] == [
        ("test cluster", 3, None),
        ("cluster heard", 3, True),
        ("cluster heard", 4, False),
    ]
    assert lan.client.get("/clusters/99/heard").status_code == 404


@pytest.mark.usefixtures("asked")
def test_what_is_known_and_how(lan: Person) -> None:
    page = lan.client.get("/clusters").text
    assert "Có người không nghe thấy gì" in page
    assert page.count("Từ lúc bật máy chưa ai thử") == 9


def test_without_the_controller_nothing_is_known(lan: Person) -> None:
    assert "không trả lời" in lan.client.get("/clusters").text
    assert "không trả lời" in lan.client.get("/setup").text


@pytest.mark.usefixtures("asked")
def test_setting_up_says_what_is_still_to_do(lan: Person) -> None:
    page = lan.client.get("/setup").text
    assert "0 trong 10 cụm" in page
    assert "MÔ PHỎNG: chưa nối thiết bị thật" in page
    assert "Số 1" in page


def test_faults_are_listed_with_who_has_seen_them(lan: Person, station: Station) -> None:
    assert "Chưa từng ghi nhận" in lan.client.get("/faults").text
    said = Sentence("The transmit time-out dropped the carrier.")
    faults.raise_(station.log_book, "unkey", said, 1.0, latched=True, over=False)
    assert "chưa ai bấm đã xem" in lan.client.get("/faults").text
    faults.acknowledge(station.log_book, "unkey", 2.0, "Hoa")
    assert "Hoa đã xem" in lan.client.get("/faults").text
