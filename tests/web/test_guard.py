from __future__ import annotations

import io
from datetime import date, time

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from broadcaster.model.recurrence import Recurrence
from broadcaster.model.schedule import Schedule, Target
from broadcaster.storage import schedules
from tests.clock import NOON
from tests.people import person
from tests.web.conftest import Person
from web.station import Station

OPEN = {
    "/sign-in",
    "/healthz",
    "/language/<language>",
    "/static/<path:filename>",
    "/font/<weight>.woff",
    "/certificate",
    "/certificate/authority.crt",
}
ON_THIS_COMPUTER = {"/api/status", "/metrics", "/api/programme", "/api/log", "/api/openapi.json"}


def routes(station: Station) -> list[tuple[str, str]]:
    rules = station.app.url_map.iter_rules()  # type: ignore[attr-defined]
    return [(rule.rule, method) for rule in rules for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}]


def filled(rule: str) -> str:
    for name in ("schedule_id", "broadcast_id", "sound", "weight", "language", "path:filename"):
        rule = rule.replace(f"<{name}>", "x1")
    for name in ("number", "due", "user_id"):
        rule = rule.replace(f"<int:{name}>", "3")
    return rule


def test_no_page_without_signing_in(station: Station, client: FlaskClient) -> None:
    tried = 0
    for rule, method in routes(station):
        if rule in OPEN | ON_THIS_COMPUTER:
            continue
        answer = client.open(filled(rule), method=method)
        assert answer.status_code in (302, 401), (rule, method)
        if answer.status_code == 302:
            assert answer.headers["Location"].startswith("/sign-in"), (rule, method)
        tried += 1
    assert tried > 15


def test_no_post_without_its_token(station: Station, lan: Person) -> None:
    posts = [rule for rule, method in routes(station) if method == "POST"]
    assert len(posts) > 8
    for rule in posts:
        assert lan.client.post(filled(rule), data={}).status_code == 400, rule
        assert lan.client.post(filled(rule), data={"csrf_token": "made-up"}).status_code == 400, rule


def test_a_page_that_is_out_of_date_says_so(lan: Person) -> None:
    answer = lan.client.post("/stop", data={})
    assert "Trang này đã cũ" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/log/../broadcaster.wav",
        "/log/..%2f..%2fsecret.wav",
        "/log/20261123-101500-9f3c2a%00.wav",
        "/bulletin/mix/..%2f..%2fsecret",
        "/bulletin/mix/abc.wav",
        "/static/../__init__.py",
        "/static/%2e%2e/guard.py",
    ],
)
def test_no_file_outside(path: str, lan: Person, station: Station) -> None:
    (station.home.path / "secret.wav").write_bytes(b"TOP SECRET")
    answer = lan.client.get(path, buffered=True)
    assert answer.status_code >= 400
    assert b"TOP SECRET" not in answer.data


def test_a_script_in_a_name_stays_text(lan: Person) -> None:
    nasty = '<script>alert("x")</script>'
    answer = lan.post("/bulletin", {"do": "save", "title": nasty, "kind": "text", "text": nasty, "when": nasty})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_without_its_log_book_the_page_still_takes_an_emergency(lan: Person, station: Station) -> None:
    """Who was signed in a moment ago stays so; the daemon is then asked (here there is none, and it says so)."""
    assert lan.client.get("/").status_code == 200
    page = lan.client.get("/").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    station.log_book.dispose()
    station.home.database.write_bytes(b"no database at all\n" * 300)
    for more in station.home.path.glob("broadcaster.sqlite3-*"):
        more.unlink()
    answer = lan.client.post("/emergency/start", data={"csrf_token": token}, headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 503
    assert answer.json is not None
    assert "bộ điều khiển" in answer.json["error"].lower()


def test_scripts_get_an_answer_they_can_show(client: FlaskClient) -> None:
    answer = client.post("/emergency/start", headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 401
    assert answer.json is not None
    assert "đăng nhập lại" in answer.json["error"]


def test_a_stranger_cannot_fill_the_disk(client: FlaskClient, station: Station) -> None:
    big = {"text": "x" * 2_000_000, "csrf_token": "made-up"}
    assert client.post("/bulletin", data=big).status_code == 401
    assert client.post("/sign-in", data=big).status_code == 413
    assert list(station.home.library.iterdir()) == []


def test_a_full_disk_is_said_in_words(lan: Person, station: Station) -> None:
    """The folder is gone: what cannot be written is told like a full disk."""
    station.home.library.rmdir()
    data = {"kind": "file", "file": (io.BytesIO(b"x"), "a.mp3")}
    answer = lan.post("/bulletin/sound", data, on="/bulletin", content_type="multipart/form-data")
    assert answer.status_code == 507
    assert "Không ghi được" in answer.text


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}])
def test_a_form_of_another_site_does_nothing_and_signs_nobody_out(headers: dict[str, str], lan: Person) -> None:
    before = lan.client.get_cookie("broadcaster")
    answer = lan.client.post("/sign-in", data={"name": "x", "password": "y"}, headers=headers)
    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers
    assert lan.client.get_cookie("broadcaster") == before


def test_a_page_whose_name_means_this_computer_is_not_ours(client: FlaskClient) -> None:
    assert client.get("/api/status").status_code != 401
    assert client.get("/api/status", headers={"Host": "rebound.example"}).status_code == 401


NINES = "9" * 30


@pytest.mark.parametrize(
    "path",
    [
        "/programme/week?from=9999-12-31",
        "/programme/week?from=0001-01-01",
        "/log?day=9999-12-31",
        "/log?day=0001-01-01",
        f"/log?page={NINES}",
        f"/faults?page={NINES}",
        f"/audit?page={NINES}",
        f"/library?page={NINES}",
        f"/programme?page={NINES}",
        "/programme/s1/move/100000000000000",
        f"/programme/s1/move/{NINES}",
        "/bulletin?sound=nothing",
        "/bulletin/mix/nothing",
    ],
)
def test_an_absurd_address_is_no_fault_of_ours(path: str, lan: Person, book: Engine) -> None:
    one = Schedule("s1", "Họp", "a1b2", Target(everyone=True), Recurrence(time(17), date(2026, 11, 24)))
    schedules.add(book, one, person(book, "Lan"), NOON)
    assert lan.client.get(path).status_code in (200, 404)


def test_a_revision_of_five_thousand_digits_is_none(lan: Person, book: Engine) -> None:
    one = Schedule("s1", "Họp", "a1b2", Target(everyone=True), Recurrence(time(17), date(2026, 11, 24)))
    schedules.add(book, one, person(book, "Lan"), NOON)
    assert lan.post("/programme/s1/pause", {"revision": "9" * 5000}, on="/programme").status_code == 302
