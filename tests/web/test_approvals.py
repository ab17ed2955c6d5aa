"""Two people with two browsers: what one writes, the other hears, and approves or returns."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, text

from broadcaster.model.broadcast import Broadcast, State
from broadcaster.model.priority import Priority
from broadcaster.model.roles import Role
from broadcaster.storage import approvals, audit, broadcasts, schedules
from broadcaster.words import Sentence
from tests.clock import NOON
from tests.web.conftest import Ear, Person
from tests.web.test_bulletin import GOOD
from web.approvals import PAGE
from web.station import Station

NOW = {**GOOD, "when": "now"}
WHY = Sentence("The power was cut.")
Another = Callable[..., Person]
pytestmark = pytest.mark.usefixtures("daemon")


@pytest.fixture(autouse=True)
def two_persons(station: Station) -> None:
    approvals.decide_rule(station.log_book, 2, "Số 2", "Lan", NOON, station.key)


def on_page(person: Person) -> dict[str, Any]:
    """Return what the first form of the page for approving holds."""
    page = person.client.get("/approvals").text
    found = re.search(r'action="/approvals/(\w+)/approve".*?name="fingerprint" value="(\w+)"', page, re.DOTALL)
    assert found is not None
    return {"id": found.group(1), "fingerprint": found.group(2)}


def decide(person: Person, seen: dict[str, Any], how: str = "approve", **more: str) -> Any:
    return person.post(f"/approvals/{seen['id']}/{how}", {"fingerprint": seen["fingerprint"], **more}, on="/approvals")


def test_one_writes_another_approves(lan: Person, another: Another) -> None:
    assert "đang chờ duyệt" in lan.post("/bulletin", GOOD, follow_redirects=True).text
    assert "chờ duyệt" in lan.client.get("/programme").text
    assert "cần người khác duyệt" in lan.client.get("/approvals").text
    hoa = another("Hoa", Role.HEAD)
    assert '<strong class="count">1</strong>' in hoa.client.get("/").text
    assert decide(hoa, on_page(hoa)).status_code == 302
    assert "Không có bản tin nào chờ duyệt" in hoa.client.get("/approvals").text
    assert "Chưa ai duyệt" not in lan.client.get("/programme").text


def test_nobody_approves_what_they_wrote_even_by_hand(lan: Person, another: Another) -> None:
    lan.post("/bulletin", GOOD)
    seen = on_page(another("Hoa", Role.HEAD))
    answer = decide(lan, seen)
    assert answer.status_code == 409
    assert "người khác duyệt" in answer.text


def test_an_editor_cannot_approve(lan: Person, another: Another) -> None:
    lan.post("/bulletin", GOOD)
    seen = on_page(another("Hoa", Role.HEAD))
    assert decide(another("Minh", Role.EDITOR), seen).status_code == 403


def test_a_change_after_it_was_read_is_noticed(lan: Person, another: Another) -> None:
    lan.post("/bulletin", GOOD)
    hoa = another("Hoa", Role.HEAD)
    seen = on_page(hoa)
    lan.post(f"/programme/{seen['id']}", {**GOOD, "at": "17:30", "revision": "1"})
    assert decide(hoa, seen).status_code == 409
    assert decide(hoa, on_page(hoa)).status_code == 302


def test_a_change_of_what_was_approved_waits_again(lan: Person, another: Another, book: Engine) -> None:
    lan.post("/bulletin", GOOD)
    hoa = another("Hoa", Role.HEAD)
    decide(hoa, on_page(hoa))
    (one,) = schedules.current(book)
    lan.post(f"/programme/{one.id}", {**GOOD, "text": "Mời bà con đi họp sớm.", "revision": "1"})
    assert "Chưa ai duyệt" in lan.client.get("/programme").text


def test_two_approvers_at_once_and_the_second_is_told(lan: Person, another: Another) -> None:
    lan.post("/bulletin", GOOD)
    hoa, minh = another("Hoa", Role.HEAD), another("Minh", Role.HEAD)
    seen = on_page(hoa)
    assert decide(minh, seen).status_code == 302
    second = decide(hoa, seen)
    assert second.status_code == 409
    assert "đã được duyệt" in second.text


def test_it_is_returned_with_a_note_changed_and_sent_again(lan: Person, another: Another) -> None:
    lan.post("/bulletin", GOOD)
    hoa = another("Hoa", Role.HEAD)
    seen = on_page(hoa)
    assert decide(hoa, seen, "return").status_code == 422
    decide(hoa, seen, "return", note="Sai giờ họp")
    assert "Sai giờ họp" in lan.client.get("/approvals").text
    assert "Hoa đã trả lại: Sai giờ họp" in lan.client.get("/programme").text
    lan.post(f"/programme/{seen['id']}", {**GOOD, "revision": "1"})
    assert decide(hoa, on_page(hoa)).status_code == 302


def test_what_shall_sound_now_sounds_when_it_is_approved_and_once(lan: Person, another: Another, daemon: Ear) -> None:
    assert "phát ngay khi có người duyệt" in lan.post("/bulletin", NOW, follow_redirects=True).text
    assert "announce" not in daemon.told
    hoa = another("Hoa", Role.HEAD)
    seen = on_page(hoa)
    decide(hoa, seen)
    decide(hoa, seen)
    (asked,) = [one for one in daemon.asked if one["do"] == "announce"]
    assert (asked["by"], asked["approved_by"], asked["clusters"]) == ("Lan", "Hoa", [2, 3])


def test_if_the_controller_refuses_it_stays_and_can_be_handed_over_later(
    lan: Person, another: Another, daemon: Ear
) -> None:
    lan.post("/bulletin", NOW)
    hoa = another("Hoa", Role.HEAD)
    seen = on_page(hoa)
    daemon.server.close()
    assert decide(hoa, seen).status_code == 302
    page = hoa.client.get("/approvals").text
    assert "⚠ Đã duyệt, nhưng “" in page
    assert "Hoa đã duyệt, nhưng chưa phát được" in page
    assert on_page(hoa) == seen


@pytest.mark.parametrize(
    ("ended", "again"), [("failed", True), ("missed", True), ("aborted", False), ("on air", False)]
)
def test_what_was_handed_over_and_never_sounded_can_be_sounded_again(
    ended: str, again: bool, lan: Person, another: Another, book: Engine, station: Station
) -> None:
    lan.post("/bulletin", NOW)
    hoa = another("Hoa", Role.HEAD)
    seen = on_page(hoa)
    decide(hoa, seen)
    one = Broadcast("20270115-100000-abcdef", "Họp", frozenset([2]))
    broadcasts.add(book, one, station.ground, "Hoa", asked=seen["id"])
    broadcasts.record(book, one, State.ON_AIR if ended == "on air" else State.PREPARING, NOON)
    if ended == "aborted":
        broadcasts.record(book, one, State.ABORTED, NOON, reason=WHY)
    elif ended == "missed":
        broadcasts.record(book, one, State.MISSED, NOON, reason=WHY)
    else:
        broadcasts.fail_interrupted(book, NOON, WHY)
    assert (">Phát ngay</button>" in hoa.client.get("/approvals").text) is again


def test_a_byte_changed_behind_the_back_is_seen_on_the_page(lan: Person, another: Another, book: Engine) -> None:
    lan.post("/bulletin", GOOD)
    hoa = another("Hoa", Role.HEAD)
    decide(hoa, on_page(hoa))
    with book.begin() as connection:
        connection.execute(text("UPDATE schedules SET text = 'Khác', revision = revision + 1"))
    assert "có người sửa thẳng vào sổ" in hoa.client.get("/approvals").text
    assert "có người sửa thẳng vào sổ" in hoa.client.get("/programme").text


def test_an_emergency_gets_a_second_name_afterwards(lan: Person, another: Another, book: Engine) -> None:
    one = Broadcast("20261123-101500-9f3c2a", "Bão", frozenset({1}), Priority.EMERGENCY, by="Lan")
    broadcasts.record(book, one, State.COMPLETED, NOON, sounded_s=30)
    assert "cần người thứ hai ký" in lan.client.get("/approvals").text
    path = f"/approvals/emergency/{one.id}"
    assert lan.post(path, on="/account").status_code == 409
    hoa = another("Hoa", Role.HEAD)
    assert hoa.post(path, {"note": "đúng"}, on="/approvals").status_code == 302
    assert hoa.post(path, on="/account").status_code == 422
    assert "cần người thứ hai ký" not in lan.client.get("/approvals").text


def test_the_rule_wants_a_decision_and_is_in_the_audit(lan: Person) -> None:
    assert lan.post("/approvals/rule", {"persons": "1"}).status_code == 422
    assert lan.post("/approvals/rule", {"persons": "3", "decision": "x"}).status_code == 422
    assert lan.post("/approvals/rule", {"persons": "1", "decision": "Số 9/QĐ"}).status_code == 302
    assert "Số 9/QĐ" in lan.client.get("/approvals").text
    assert "1 · Số 9/QĐ" in lan.client.get("/audit").text


def test_somebody_with_one_group_decides_about_no_other(lan: Person, another: Another, station: Station) -> None:
    group = station.settings.group[0].name
    members = {one.number for one in station.settings.cluster if group in one.groups}
    other = min(station.settings.network.numbers - members)
    lan.post("/bulletin", {**GOOD, "clusters": [str(other)]})
    seen = on_page(another("Hoa", Role.HEAD))
    answer = decide(another("Minh", Role.HEAD, (group,)), seen)
    assert answer.status_code == 409
    assert "không thuộc quyền" in answer.text


def test_what_the_controller_refuses_at_once_leaves_nothing_behind(lan: Person, daemon: Ear, station: Station) -> None:
    approvals.decide_rule(station.log_book, 1, "Số 1", "Lan", NOON, station.key)
    daemon.refused.add("announce")
    assert lan.post("/bulletin", NOW).status_code == 422
    assert station.planned.plan().schedules == ()


def test_an_answer_that_is_lost_keeps_it_to_be_handed_over_again(lan: Person, daemon: Ear, station: Station) -> None:
    approvals.decide_rule(station.log_book, 1, "Số 1", "Lan", NOON, station.key)
    daemon.server.close()
    page = lan.post("/bulletin", NOW, follow_redirects=True).text
    assert "không trả lời" in page
    assert ">Phát ngay</button>" in page


def test_what_is_paused_does_not_sound_when_it_is_approved(lan: Person, another: Another, daemon: Ear) -> None:
    lan.post("/bulletin", NOW)
    hoa = another("Hoa", Role.HEAD)
    seen = on_page(hoa)
    lan.post(f"/programme/{seen['id']}/pause", {"revision": "1"}, on="/account")
    decide(hoa, on_page(hoa))
    assert "đang tạm dừng" in hoa.client.get("/approvals").text
    assert "announce" not in daemon.told


def test_what_shall_sound_now_waits_for_weeks(lan: Person, book: Engine) -> None:
    lan.post("/bulletin", NOW)
    (one,) = schedules.current(book, after=time.time() + 30 * 86400)
    assert one.at_once


def test_an_approval_is_taken_back_with_one_press(lan: Person, another: Another, book: Engine) -> None:
    lan.post("/bulletin", GOOD)
    hoa = another("Hoa", Role.HEAD)
    seen = on_page(hoa)
    decide(hoa, seen)
    page = hoa.client.get("/approvals").text
    assert f'action="/approvals/{seen["id"]}/take-back"' in page
    assert "chờ duyệt lại" in hoa.post(f"/approvals/{seen['id']}/take-back", on="/account", follow_redirects=True).text
    (one,) = schedules.current(book)
    assert (one.version, one.author) == (2, 1)
    assert hoa.post(f"/approvals/{seen['id']}/take-back", on="/account").status_code == 409
    assert lan.post(f"/approvals/{seen['id']}/take-back", on="/account").status_code == 409
    assert decide(hoa, seen).status_code == 409
    assert decide(hoa, on_page(hoa)).status_code == 302


@pytest.mark.parametrize(("told", "kept"), [("yes", "yes"), ("no", "no"), ("", None)])
def test_whether_a_generated_voice_was_listened_to_is_kept(
    told: str, kept: str | None, lan: Person, another: Another, book: Engine
) -> None:
    lan.post("/bulletin", GOOD)
    hoa = another("Hoa", Role.HEAD)
    page = hoa.client.get("/approvals").text
    assert "espeak-ng vi" in page
    assert 'class="waveform"' in page
    decide(hoa, on_page(hoa), heard=told)
    (row,) = [one for one in audit.latest(book, 10) if one["what"] == "approved"]
    assert row["after"].get("heard") == kept


def test_many_stand_on_several_pages_and_all_are_counted(lan: Person, another: Another) -> None:
    for number in range(PAGE + 1):
        lan.post("/bulletin", {**NOW, "title": f"Tin {number:02}"})
    hoa = another("Hoa", Role.HEAD)
    first, second = (hoa.client.get(f"/approvals?page={number}").text for number in (0, 1))
    assert f"Đang chờ ({PAGE + 1})" in first
    assert first.count('/approve"') == PAGE
    assert second.count('/approve"') == 1
    assert "Tiếp theo" in first
    assert "Tiếp theo" not in second
