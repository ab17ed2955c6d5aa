"""A relay from the form to the programme and to whoever approves it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from broadcaster.config.relays import RelaySettings, bound
from broadcaster.config.settings import AUDIO, Settings
from broadcaster.model.relay import Relay
from broadcaster.model.roles import Role
from broadcaster.storage import approvals, schedules
from tests.clock import NOON
from tests.web.conftest import SETTINGS, Ear, Person
from tests.web.test_bulletin import GOOD, saved
from web.station import Station

pytestmark = pytest.mark.usefixtures("daemon")
RELAY = {**GOOD, "kind": "relay", "relay": "vov1", "relay_minutes": "30", "text": "", "title": "Thời sự VOV1"}


VOV1 = RelaySettings(name="vov1", title="VOV1", addresses=("http://127.0.0.1:9/vov1",), fallback="siren.wav")
BOUND = bound(Relay("vov1", 30), [VOV1], AUDIO).sound


@pytest.fixture
def station_settings() -> Settings:
    return SETTINGS.model_copy(update={"relay": (VOV1,)})


def test_a_relay_is_scheduled_like_any_bulletin(lan: Person, book: Engine) -> None:
    assert ">VOV1</option>" in lan.client.get("/bulletin").text
    lan.post("/bulletin", {**RELAY, "do": "check"})
    lan.post("/bulletin", RELAY)
    one = saved(book)
    assert (one.sound, one.duration) == (BOUND, 1800)
    page = lan.client.get(f"/programme/{one.id}").text
    assert 'value="relay" checked' in page
    assert 'name="relay_minutes" inputmode="numeric" value="30"' in page


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"relay": "vov9"}, "một mục trong danh sách"),
        ({"relay": "http://127.0.0.1/"}, "số phút"),
        ({"relay_minutes": "0"}, "số phút"),
        ({"relay_minutes": "61"}, "nhiều nhất 60"),
        ({"relay_minutes": "nửa giờ"}, "số phút"),
        ({"repeats": "3", "gap": "5"}, "đứng riêng"),
        ({"do": "more"}, "đứng riêng"),
    ],
)
def test_what_is_no_relay_is_not_saved(wrong: dict[str, str], says: str, lan: Person, book: Engine) -> None:
    answer = lan.post("/bulletin", {**RELAY, **wrong})
    assert answer.status_code == 422
    assert says in answer.text
    assert "trong kho" not in answer.text.partition("for-relay")[0]
    assert schedules.current(book) == []


def test_whoever_approves_it_is_told_that_nobody_can_hear_it_beforehand(
    lan: Person, another: Callable[..., Person], station: Station
) -> None:
    approvals.decide_rule(station.log_book, 2, "Số 2", "Lan", NOON, station.key)
    lan.post("/bulletin", RELAY)
    page = another("Hoa", Role.HEAD).client.get("/approvals").text
    assert "VOV1" in page
    assert "không nghe trước được" in page
    assert "/bulletin/mix/" not in page
    assert "http://127.0.0.1:9/vov1" in page
    assert "siren.wav" in page
    with lan.client.get("/relays/vov1/reserve") as heard:
        assert heard.data == (AUDIO / "siren.wav").read_bytes()
    assert lan.client.get("/relays/vov2/reserve").status_code == 404


def test_whoever_approves_one_that_comes_from_elsewhere_by_now_is_told(
    lan: Person, another: Callable[..., Person], station: Station
) -> None:
    approvals.decide_rule(station.log_book, 2, "Số 2", "Lan", NOON, station.key)
    lan.post("/bulletin", RELAY)
    elsewhere = VOV1.model_copy(update={"addresses": ("http://127.0.0.1:9/other",)})
    station.settings = station.settings.model_copy(update={"relay": (elsewhere,)})
    page = another("Hoa", Role.HEAD).client.get("/approvals").text
    assert "nay lấy từ nơi khác" in page
    assert "/other" not in page


def test_one_for_now_is_handed_over(lan: Person, daemon: Ear) -> None:
    lan.post("/bulletin", {**RELAY, "when": "now"})
    (asked,) = [one for one in daemon.asked if one["do"] == "announce"]
    assert asked["sound"] == BOUND
