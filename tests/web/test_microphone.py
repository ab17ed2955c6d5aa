from __future__ import annotations

from collections.abc import Callable

import pytest

from broadcaster.model.roles import Role
from broadcaster.storage import users
from tests.web.conftest import PASSWORD, Person
from web.permits import Permits
from web.station import Station

Another = Callable[..., Person]
ASKED: dict[str, object] = {"title": "Tìm trẻ lạc", "clusters": ["3"], "minutes": "3"}
ORIGIN = {"Origin": "http://localhost"}


def ask(person: Person, **more: object) -> tuple[int, dict[str, object]]:
    headers = {"X-Requested-With": "fetch"}
    answer = person.post("/speak/permit", {**ASKED, **more}, on="/account", headers=headers)
    return answer.status_code, answer.json or {}


def given(person: Person, station: Station, user_id: int, **more: object) -> dict[str, object] | None:
    _, answer = ask(person, **more)
    return station.permits.take(str(answer.get("permit")), user_id)


def test_under_two_persons_somebody_else_agrees_with_their_password(
    lan: Person, another: Another, station: Station
) -> None:
    lan.post("/approvals/rule", {"persons": "2", "decision": "12/QĐ-UBND"})
    another("Hoa", Role.HEAD)
    another("Minh", Role.EDITOR)
    for second, password in (("", ""), ("Hoa", "wrong"), ("Lan", PASSWORD), ("Minh", PASSWORD)):
        status, answer = ask(lan, second=second, password=password)
        assert (status, answer["ok"]) == (409, False), second
    found = given(lan, station, 1, second="Hoa", password=PASSWORD)
    assert found is not None
    assert (found["by"], found["approved_by"], found["clusters"]) == ("Lan", "Hoa", [3])


def test_under_one_person_who_may_approve_speaks_alone_and_an_editor_does_not(
    lan: Person, another: Another, station: Station
) -> None:
    lan.post("/approvals/rule", {"persons": "1", "decision": "12/QĐ-UBND"})
    found = given(lan, station, 1)
    assert found is not None
    assert found["approved_by"] == "Lan"
    assert ask(another("Minh", Role.EDITOR))[0] == 409
    assert ask(another("Tuấn", Role.DUTY))[0] == 403


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"clusters": []}, 422),
        ({"clusters": ["99"]}, 422),
        ({"clusters": ["x"]}, 400),
        *(({"minutes": minutes}, 400) for minutes in ("x", "-1000", "0", "nan", "-inf", "inf")),
    ],
)
def test_what_makes_no_sense_gets_no_permit(wrong: dict[str, object], status: int, lan: Person) -> None:
    lan.post("/approvals/rule", {"persons": "1", "decision": "12/QĐ-UBND"})
    assert ask(lan, **wrong)[0] == status


def test_foreign_clusters_get_no_permit(lan: Person, another: Another, station: Station) -> None:
    lan.post("/approvals/rule", {"persons": "1", "decision": "12/QĐ-UBND"})
    group = station.settings.group[0].name
    members = {one.number for one in station.settings.cluster if group in one.groups}
    foreign = str(min(station.settings.network.numbers - members))
    assert ask(another("Hoa", Role.HEAD, (group,)), clusters=[foreign])[0] == 409


def test_who_agrees_must_be_allowed_to_decide_about_the_clusters(
    lan: Person, another: Another, station: Station
) -> None:
    lan.post("/approvals/rule", {"persons": "2", "decision": "12/QĐ-UBND"})
    group = station.settings.group[0].name
    members = {one.number for one in station.settings.cluster if group in one.groups}
    another("Hoa", Role.HEAD, (group,))
    for clusters, status in ((members, 200), (station.settings.network.numbers, 409)):
        numbers = [str(one) for one in clusters]
        assert ask(lan, clusters=numbers, second="Hoa", password=PASSWORD)[0] == status


def test_the_sealed_code_agrees_to_nothing_and_is_not_used_up(lan: Person, another: Another, station: Station) -> None:
    lan.post("/approvals/rule", {"persons": "2", "decision": "12/QĐ-UBND"})
    hoa = another("Hoa", Role.HEAD)
    hoa.post("/sign-out", on="/account")
    code = users.new_duty_code(station.log_book, "Hoa", "Lan", station.clock.now())
    assert ask(lan, second="Hoa", password=code)[0] == 409
    assert hoa.sign_in("Hoa", code).status_code == 302


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://evil.example"},
        {"Origin": "https://localhost"},
        {**ORIGIN, "Sec-Fetch-Site": "cross-site"},
        {**ORIGIN, "Sec-WebSocket-Protocol": "pcm16.broadcaster, permit.guessed"},
        {**ORIGIN, "Sec-WebSocket-Protocol": "pcm16.broadcaster"},
    ],
)
def test_the_line_opens_only_for_our_own_page_with_a_permit(headers: dict[str, str], lan: Person) -> None:
    shaken = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", **headers}
    assert lan.client.get("/speak/line", headers=shaken).status_code == 403


def test_a_permit_is_good_once_for_one_person_and_not_for_long() -> None:
    now = [0.0]
    permits = Permits(lambda: now[0])
    first, second = permits.give(1, {"a": 1}), permits.give(1, {"a": 2})
    assert permits.take(first, 2) is None
    assert permits.take(first, 1) == {"a": 1}
    assert permits.take(first, 1) is None
    others = [permits.give(2, {}) for _ in range(60)]
    now[0] = 29
    assert permits.take(others[0], 2) is None
    assert permits.take(others[-1], 2) == {}
    now[0] = 31
    assert permits.take(second, 1) is None


@pytest.mark.parametrize(("role", "opens"), [(Role.EDITOR, True), (Role.DUTY, False), (Role.VIEWER, False)])
def test_whose_role_does_not_speak_gets_no_line_even_with_a_permit(
    role: Role, opens: bool, another: Another, station: Station
) -> None:
    minh = another("Minh", role)
    token = station.permits.give(2, {"clusters": [3]})
    shaken = {
        **{"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", **ORIGIN},
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol": f"pcm16.broadcaster, permit.{token}",
    }
    minh.client.get("/speak/line", headers=shaken)  # there is no real line under it
    assert (station.permits.take(token, 2) is None) is opens
