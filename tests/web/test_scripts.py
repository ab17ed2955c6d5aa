"""A script in every field that is kept: each page that shows it shows text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from broadcaster.model.broadcast import Broadcast, State
from broadcaster.model.roles import Role
from broadcaster.spelling import spelt
from broadcaster.storage import approvals, broadcasts, faults, schedules
from broadcaster.words import Sentence
from tests.clock import NOON
from tests.web.conftest import Person
from tests.web.test_bulletin import GOOD
from web.station import Station

NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
PAGES = [
    "/",
    "/bulletin",
    "/programme",
    "/programme/week",
    "/approvals",
    "/library",
    "/glossary",
    "/log",
    "/people",
    "/audit",
    "/faults",
    "/account",
]


@pytest.mark.usefixtures("daemon")
def test_a_script_in_any_field_stays_text(lan: Person, another: Callable[..., Person], station: Station) -> None:
    typed = {**GOOD, "title": NASTY[:100], "text": f"Họp {NASTY}", "item_class": "outside", "requester": NASTY[:100]}
    for number, part in enumerate(spelt(typed["text"]).unsure):
        typed |= {f"written-{number}": part.written, f"own-{number}": NASTY, f"remember-{number}": "yes"}
    lan.post("/glossary", {"written": f"K {NASTY}", "words": NASTY})
    assert "&lt;script&gt;" in lan.client.get("/glossary").text
    approvals.decide_rule(station.log_book, 2, NASTY, NASTY, NOON, station.key)
    lan.post("/bulletin", typed)
    lan.post("/bulletin/draft", {**typed, "place": "new"}, on="/bulletin")
    lan.post("/people", {"name": NASTY[:60], "role": "editor"})
    (one,) = schedules.current(station.log_book)
    hoa = another("Hoa", Role.HEAD)
    page = hoa.client.get("/approvals").text
    seen = page.split('name="fingerprint" value="')[1].split('"')[0]
    hoa.post(f"/approvals/{one.id}/return", {"fingerprint": seen, "note": NASTY}, on="/approvals")
    told = Broadcast("20261123-101500-9f3c2a", NASTY, frozenset({1}), by=NASTY)
    broadcasts.record(station.log_book, told, State.FAILED, NOON, reason=Sentence("{why}", why=NASTY))
    faults.raise_(station.log_book, "x", Sentence("{why}", why=NASTY), NOON, latched=False, over=False)
    for path in (*PAGES, f"/programme/{one.id}", f"/programme/{one.id}/delete", f"/programme?search={NASTY}"):
        page = lan.client.get(path).text
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
    assert "&lt;script&gt;" in lan.client.get("/programme").text
    assert "&lt;script&gt;" in lan.client.get("/audit").text
