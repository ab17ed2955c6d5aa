from __future__ import annotations

import re
import threading
import time

import pytest
from flask.testing import FlaskClient

from broadcaster.model.roles import Role
from broadcaster.storage import passwords, sign_ins, users
from tests.web.conftest import PASSWORD, Ear, Person
from web.station import Station


def test_the_right_password_opens_and_a_wrong_one_does_not(stranger: Person) -> None:
    wrong = stranger.sign_in(password="something-else")
    assert wrong.status_code == 401
    assert "chưa đúng" in wrong.text
    assert stranger.client.get("/").status_code == 302
    assert stranger.sign_in("LAN ").status_code == 302
    assert "Hôm nay" in stranger.client.get("/").text


def test_signing_out_ends_it_for_a_stolen_cookie_too(lan: Person) -> None:
    stolen = lan.client.get_cookie("broadcaster")
    lan.post("/sign-out", on="/password")
    assert stolen is not None
    lan.client.set_cookie("broadcaster", stolen.value)
    assert lan.client.get("/").headers["Location"].startswith("/sign-in")


def test_a_sign_in_that_was_laid_out_before_is_not_taken_over(stranger: Person) -> None:
    stranger.client.get("/sign-in")
    before = stranger.client.get_cookie("broadcaster")
    stranger.sign_in()
    after = stranger.client.get_cookie("broadcaster")
    assert before is not None
    assert after is not None
    stranger.client.set_cookie("broadcaster", before.value)
    assert stranger.client.get("/").status_code == 302


def test_five_wrong_passwords_lock_the_pair_and_no_other(stranger: Person, station: Station) -> None:
    for _ in range(5):
        stranger.sign_in(password="wrong")
    locked = stranger.sign_in()
    assert locked.status_code == 429
    assert "xin đợi 15 phút" in locked.text
    elsewhere = {"REMOTE_ADDR": "192.168.1.9"}
    page = stranger.client.get("/sign-in", environ_overrides=elsewhere).text
    token = re.findall(r'csrf_token" value="([^"]+)"', page)[0]
    data = {"csrf_token": token, "name": "Lan", "password": PASSWORD}
    assert stranger.client.post("/sign-in", data=data, environ_overrides=elsewhere).status_code == 302
    assert passwords.check(station.log_book, "lan", PASSWORD, "127.0.0.1", time.time() + 16 * 60)


def test_a_one_time_password_is_good_for_choosing_another_one_only(stranger: Person, station: Station) -> None:
    given = users.add(station.log_book, "Hoa", time.time())
    assert stranger.sign_in("Hoa", given).headers["Location"] == "/password"
    for path in ("/", "/bulletin", "/programme", "/log", "/uptime", "/stream"):
        assert stranger.client.get(path).headers["Location"] == "/password", path
    short = stranger.post("/password", {"chosen": "short", "again": "short"})
    assert "ít nhất 12" in short.text
    differ = stranger.post("/password", {"chosen": "mot-hai-ba-bon", "again": "mot-hai-ba-nam"})
    assert "không giống nhau" in differ.text
    assert stranger.post("/password", {"chosen": "mot-hai-ba-bon", "again": "mot-hai-ba-bon"}).status_code == 302
    assert stranger.client.get("/").status_code == 200
    assert passwords.check(station.log_book, "Hoa", given, "", time.time()) is None


def test_changing_a_password_asks_for_the_present_one_and_ends_other_sign_ins(lan: Person, station: Station) -> None:
    user = passwords.check(station.log_book, "lan", PASSWORD, "", time.time())
    assert user is not None
    other = sign_ins.begin(station.log_book, user, time.time())
    new = {"chosen": "mot-hai-ba-bon", "again": "mot-hai-ba-bon"}
    assert lan.post("/password", {"current": "wrong", **new}).status_code == 422
    assert lan.post("/password", {"current": PASSWORD, **new}).status_code == 302
    assert sign_ins.signed_in(station.log_book, other, time.time()) is None
    assert lan.client.get("/").status_code == 200


@pytest.mark.parametrize(
    "where", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_nobody_is_sent_to_another_site(where: str, stranger: Person) -> None:
    answer = stranger.post("/sign-in", {"name": "lan", "password": PASSWORD, "next": where})
    assert answer.headers["Location"] == "/"
    assert stranger.client.get("/language/en", query_string={"next": where}).headers["Location"] == "/"


def test_the_language_is_kept_in_the_browser(client: FlaskClient) -> None:
    assert "Đăng nhập" in client.get("/sign-in").text
    client.get("/language/en?next=/sign-in")
    assert "Sign in" in client.get("/sign-in").text
    client.get("/language/xx")
    assert "Sign in" in client.get("/sign-in").text


@pytest.mark.parametrize("kept", ["[1]", "{", '{"a": "b"}', '{"title": [{"x": 1}]}', "x" * 300_000])
def test_what_a_browser_brings_along_is_not_trusted(kept: str, stranger: Person) -> None:
    data = {"name": "lan", "password": PASSWORD, "kept": kept, "next": "/bulletin"}
    assert stranger.post("/sign-in", data).status_code == 302
    assert stranger.client.get("/bulletin").status_code == 200


def test_after_a_long_time_one_signs_in_again(station: Station) -> None:
    user = passwords.check(station.log_book, "lan", PASSWORD, "", 1000.0)
    assert user is not None
    token = sign_ins.begin(station.log_book, user, 1000.0)
    assert sign_ins.signed_in(station.log_book, token, 1000.0 + sign_ins.IDLE_S - 1) == user
    assert sign_ins.signed_in(station.log_book, token, 1000.0 + 2 * sign_ins.IDLE_S - 2) == user
    assert sign_ins.signed_in(station.log_book, token, 1000.0 + 4 * sign_ins.IDLE_S) is None


def test_a_disabled_user_is_out_at_once(lan: Person, station: Station) -> None:
    users.add(station.log_book, "Hoa", time.time(), role=Role.ADMINISTRATOR)
    users.disable(station.log_book, "lan", time.time())
    assert lan.client.get("/").status_code == 302
    assert lan.sign_in().status_code == 401


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "aaaaaaaaaaaa",
        "abababababab",
        "123456789012",
        "matkhau12345",
        "Password 1234",
        "lanlanlanlan",
        "qwertyuiop123",
    ],
)
def test_what_is_easily_guessed_is_no_password(password: str, lan: Person) -> None:
    answer = lan.post("/password", {"current": PASSWORD, "chosen": password, "again": password})
    assert answer.status_code == 422
    assert lan.client.get("/").status_code == 200


@pytest.mark.parametrize("password", ["con cò bay lả", "nui-cao-song-dai", "x7 k2 p9 m4 zz"])
def test_a_few_words_are_good_enough(password: str, lan: Person) -> None:
    assert lan.post("/password", {"current": PASSWORD, "chosen": password, "again": password}).status_code == 302


def test_many_wrong_passwords_at_once_are_no_more_than_five(stranger: Person, station: Station) -> None:
    answers: list[int] = []

    def one() -> None:
        person = Person(station.app.test_client())  # type: ignore[attr-defined]
        answers.append(person.sign_in(password="wrong").status_code)

    threads = [threading.Thread(target=one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (answers.count(401), answers.count(429)) == (5, 7)
    assert stranger.sign_in().status_code == 429


def test_the_present_password_cannot_be_guessed_either(lan: Person) -> None:
    new = {"chosen": "mot-hai-ba-bon", "again": "mot-hai-ba-bon"}
    said = [lan.post("/password", {"current": f"wrong{number}", **new}).text for number in range(6)]
    assert "xin đợi" not in said[4]
    assert "xin đợi" in said[5]


def test_a_one_time_password_is_enough_for_an_emergency(stranger: Person, station: Station, daemon: Ear) -> None:
    stranger.sign_in("Hoa", users.add(station.log_book, "Hoa", time.time(), role=Role.DUTY))
    assert "KHẨN CẤP" in stranger.client.get("/password").text
    assert stranger.post("/emergency/start", on="/password").status_code == 302
    assert daemon.told == ["emergency start"]


def test_an_older_tab_of_the_same_person_goes_on(lan: Person, daemon: Ear) -> None:
    def token() -> str:
        return lan.client.get("/").text.split('name="csrf_token" value="')[1].split('"')[0]

    old = token()
    lan.client.delete_cookie("broadcaster")
    lan.sign_in()
    assert lan.client.post("/emergency/start", data={"csrf_token": old}).status_code == 400
    old = token()
    with lan.client.session_transaction() as session:
        session["token"] = "ran out"
    lan.sign_in()
    assert lan.client.post("/emergency/start", data={"csrf_token": old}).status_code == 302
    assert daemon.told == ["emergency start"]
