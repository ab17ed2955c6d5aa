from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time

import pytest
from flask.testing import FlaskClient

from broadcaster.model.recurrence import Recurrence
from broadcaster.model.roles import Role
from broadcaster.model.schedule import Schedule, Target
from broadcaster.storage import schedules, sign_ins
from tests.clock import NOON
from tests.people import person
from tests.web.conftest import PASSWORD, Ear, Person
from tests.web.test_bulletin import GOOD
from web.account import device
from web.station import Station

Another = Callable[..., Person]


def shown_code(page: str) -> str:
    found = re.search(r'class="code">([^<]+)<', page)
    assert found is not None
    return found.group(1)


def test_somebody_is_added_and_chooses_a_password(lan: Person, station: Station) -> None:
    stranger = Person(station.app.test_client())  # type: ignore[attr-defined]
    page = lan.post("/people", {"name": "Hoa", "role": "head", "reach": "groups", "groups": ["thuong"]}).text
    password = shown_code(page)
    assert "Trưởng đài" in lan.client.get("/people").text
    assert stranger.sign_in("Hoa", password).headers["Location"] == "/password"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": "Lan", "role": "editor"}, "Đã có"),
        ({"name": "", "role": "editor"}, "Tên"),
        ({"name": "Hoa", "role": "king"}, "chọn vai trò"),
        ({"name": "Hoa"}, "chọn vai trò"),
    ],
)
def test_what_is_wrong_is_one_sentence(form: dict[str, str], said: str, lan: Person) -> None:
    answer = lan.post("/people", form)
    assert answer.status_code == 422
    assert said in answer.text


def test_the_last_administrator_stays(lan: Person) -> None:
    assert lan.post("/people/1", {"role": "viewer"}).status_code == 422
    assert lan.post("/people/1/disable", on="/people/1").status_code == 422
    assert lan.client.get("/people/99").status_code == 404


def test_a_role_that_is_taken_away_is_gone_at_once(lan: Person, another: Another) -> None:
    hoa = another("Hoa", Role.EDITOR)
    assert hoa.client.get("/bulletin").status_code == 200
    lan.post("/people/2", {"role": "viewer"})
    assert hoa.client.get("/bulletin").status_code == 403
    told = lan.client.get("/audit?search=Hoa").text
    assert told.index("Biên tập</span>") < told.index("Người xem</span>")


def test_a_code_of_the_duty_sheet_opens_once_and_only_for_a_new_password(lan: Person, station: Station) -> None:
    code = shown_code(lan.post("/people/duty-sheet").text)
    person = Person(station.app.test_client())  # type: ignore[attr-defined]
    assert person.sign_in("Lan", code).headers["Location"] == "/password"
    assert person.client.get("/").headers["Location"] == "/password"
    again = Person(station.app.test_client())  # type: ignore[attr-defined]
    assert again.sign_in("Lan", code).status_code == 401
    assert again.sign_in("Lan", PASSWORD).headers["Location"] == "/"
    assert lan.client.get("/").status_code == 200  # who is signed in elsewhere goes on
    assert person.client.get("/").headers["Location"] == "/password"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"reach": "groups"}, "ít nhất một nhóm"),
        ({"reach": "groups", "groups": ["gone"]}, "không còn nhóm gone"),
        ({"groups": ["gone"]}, "không còn nhóm gone"),
    ],
)
def test_no_choice_of_groups_becomes_all_of_them_in_silence(form: dict[str, object], said: str, lan: Person) -> None:
    answer = lan.post("/people", {"name": "Hoa", "role": "editor", **form})
    assert answer.status_code == 422
    assert said in answer.text


def test_a_new_sheet_makes_the_old_one_worthless(lan: Person, station: Station) -> None:
    old, new = (shown_code(lan.post("/people/duty-sheet").text) for _ in range(2))
    person = Person(station.app.test_client())  # type: ignore[attr-defined]
    assert person.sign_in("Lan", old).status_code == 401
    assert person.sign_in("Lan", new).status_code == 302


def test_signing_out_everywhere_else(lan: Person, station: Station) -> None:
    other = Person(station.app.test_client())  # type: ignore[attr-defined]
    other.sign_in()
    assert lan.client.get("/account").text.count("Đăng xuất nơi đó</button>") == 1
    lan.post("/account/end", on="/account")
    assert other.client.get("/").status_code == 302
    assert lan.client.get("/").status_code == 200
    assert len(sign_ins.of_user(station.log_book, 1)) == 1


def test_nobody_ends_the_sign_in_of_another(lan: Person, another: Another, station: Station) -> None:
    another("Hoa", Role.EDITOR)
    (theirs,) = sign_ins.of_user(station.log_book, 2)
    lan.post("/account/end", {"one": theirs["id"]}, on="/account")
    assert len(sign_ins.of_user(station.log_book, 2)) == 1


@pytest.mark.parametrize(
    ("browser", "said"),
    [
        ("Mozilla/5.0 (Linux; Android 14; SM-A155F)", "Điện thoại Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64)", "Máy tính Windows"),
        ("", "thiết bị khác"),
    ],
)
def test_a_device_has_a_name_that_people_know(browser: str, said: str) -> None:
    assert device(browser).to("vi") == said


def test_what_one_may_not_use_is_not_on_the_form(another: Another, station: Station) -> None:
    group = station.settings.group[0].name
    members = {one.number for one in station.settings.cluster if group in one.groups}
    minh = another("Minh", Role.EDITOR, (group,))
    found = re.findall(r'name="clusters" value="(\d+)"', minh.client.get("/bulletin").text)
    assert set(map(int, found)) == members


@pytest.mark.usefixtures("daemon")
def test_nor_can_it_be_sent_by_hand(another: Another, lan: Person, station: Station) -> None:
    group = station.settings.group[0].name
    members = {one.number for one in station.settings.cluster if group in one.groups}
    foreign = str(min(station.settings.network.numbers - members))
    minh = another("Minh", Role.EDITOR, (group,))
    answer = minh.post("/bulletin", {**GOOD, "clusters": [foreign]})
    assert answer.status_code == 422
    assert "không thuộc quyền" in answer.text
    lan.post("/bulletin", {**GOOD, "clusters": [foreign]})
    (one,) = station.planned.plan().schedules
    for path in (f"/programme/{one.id}/delete", f"/programme/{one.id}/pause", f"/programme/{one.id}"):
        assert minh.post(path, {**GOOD, "revision": "1"}, on="/account").status_code == 409
    assert minh.post(f"/clusters/{foreign}/mute", on="/account").status_code == 409


@pytest.mark.parametrize("limited", [True, False])
def test_the_controller_is_told_whose_clusters_may_be_stopped(
    limited: bool, another: Another, station: Station, daemon: Ear
) -> None:
    group = station.settings.group[0].name
    members = sorted(one.number for one in station.settings.cluster if group in one.groups)
    another("Minh", Role.EDITOR, (group,) if limited else ()).post("/stop", on="/account")
    assert [(one["by"], one["within"]) for one in daemon.asked] == [("Minh", members if limited else None)]


def test_a_stranger_sees_nobody(client: FlaskClient) -> None:
    assert client.get("/people").status_code == 302


@pytest.mark.usefixtures("daemon")
def test_what_concerns_every_cluster_is_not_for_somebody_with_one_group(
    another: Another, lan: Person, station: Station
) -> None:
    group = station.settings.group[0].name
    members = {one.number for one in station.settings.cluster if group in one.groups}
    foreign = str(min(station.settings.network.numbers - members))
    minh = another("Minh", Role.EDITOR, (group,))
    assert minh.post("/day-off", on="/account").status_code == 409
    assert minh.post("/day-off/take-back", on="/account").status_code == 409
    assert minh.post("/faults/seen", on="/account").status_code == 409
    lan.post("/bulletin", {**GOOD, "clusters": [foreign]})
    (one,) = station.planned.plan().schedules
    lan.post(f"/programme/{one.id}/delete", {"revision": "1"})
    assert minh.post(f"/programme/{one.id}/restore", on="/account").status_code == 409
    assert station.planned.plan().schedules == ()


@pytest.mark.usefixtures("daemon")
def test_what_somebody_else_deleted_an_editor_does_not_bring_back(
    another: Another, lan: Person, station: Station
) -> None:
    lan.post("/bulletin", GOOD)
    (one,) = station.planned.plan().schedules
    lan.post(f"/programme/{one.id}/delete", {"revision": "1"})
    editor = another("Minh", Role.EDITOR)
    assert "Lan đã xóa" in editor.post(f"/programme/{one.id}/restore", on="/account").text
    assert another("Hoa", Role.HEAD).post(f"/programme/{one.id}/restore", on="/account").status_code == 302


@pytest.mark.usefixtures("daemon")
def test_a_draft_has_a_place(lan: Person) -> None:
    assert lan.post("/bulletin/draft", {"title": "x", "place": "elsewhere"}, on="/bulletin").status_code == 404


def test_of_clusters_that_are_gone_nobody_knows_whose_they_are(another: Another, lan: Person, station: Station) -> None:
    minh = another("Minh", Role.EDITOR, (station.settings.group[0].name,))
    gone = Schedule("s1", "Họp", "a1b2", Target(clusters=(77,)), Recurrence(time(17), date(2026, 11, 24)))
    schedules.add(station.log_book, gone, person(station.log_book, "Lan"), NOON)
    assert minh.post("/programme/s1/pause", {"revision": "1"}, on="/account").status_code == 409
    assert lan.post("/programme/s1/delete", {"revision": "1"}).status_code == 302
    assert lan.post("/programme/s1/restore", on="/programme").status_code == 422


def test_who_is_locked_out_is_not_remembered(lan: Person, another: Another, station: Station) -> None:
    hoa = another("Hoa", Role.EDITOR)
    assert hoa.client.get("/").status_code == 200
    lan.post("/people/2/disable", on="/people/2")
    station.log_book.dispose()
    station.home.database.write_bytes(b"no database at all\n" * 300)
    assert hoa.client.get("/", headers={"X-Requested-With": "fetch"}).status_code == 401


def test_without_the_log_book_only_what_cannot_wait_is_done_on_a_memory(lan: Person, station: Station) -> None:
    token = lan.client.get("/").text.split('name="csrf_token" value="')[1].split('"')[0]
    station.log_book.dispose()
    station.home.database.write_bytes(b"no database at all\n" * 300)
    for path in ("/clusters/1/test", "/clusters/1/mute", "/people/1/reset"):
        answer = lan.client.post(path, data={"csrf_token": token})
        assert "sổ nhật ký" in answer.text.lower(), path
    assert "bộ điều khiển" in lan.client.post("/stop", data={"csrf_token": token}).text.lower()
    assert lan.client.post("/sign-out", data={"csrf_token": token}).status_code == 302
