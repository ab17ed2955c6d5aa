"""Every route × role × method: what a role may not do, it cannot; what is in no table, nobody may."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from broadcaster.model.roles import Right, Role
from tests.web.conftest import Person
from tests.web.test_guard import filled, routes
from web import rights
from web.station import Station

MAY = {
    Role.ADMINISTRATOR: set(Right),
    Role.HEAD: {Right.VIEW, Right.EMERGENCY, Right.OPERATE, Right.WRITE, Right.APPROVE},
    Role.EDITOR: {Right.VIEW, Right.EMERGENCY, Right.OPERATE, Right.WRITE},
    Role.DUTY: {Right.VIEW, Right.EMERGENCY},
    Role.VIEWER: {Right.VIEW},
}


LINES = {"/speak/line"}
"""Not asked by a plain request: see ``test_microphone``."""


def endpoints(station: Station) -> dict[tuple[str, str], str]:
    app = station.app  # type: ignore[attr-defined]
    found = {}
    for rule, method in routes(station):
        adapter = app.url_map.bind("localhost")
        found[rule, method] = adapter.match(filled(rule), method=method, websocket=rule in LINES)[0]
    return found


def test_every_route_is_in_the_table_and_nothing_else(station: Station) -> None:
    there = set(endpoints(station).values())
    named = set(rights.NEEDED) | set(rights.PUBLIC)
    assert there - named == set()
    assert named - there == set()


@pytest.mark.parametrize("role", list(Role))
def test_the_matrix(role: Role, station: Station, another: Callable[..., Person]) -> None:
    person = another("Minh", role)
    tried = 0
    for (rule, method), endpoint in endpoints(station).items():
        if endpoint in rights.PUBLIC or endpoint in {"signing.sign_out", "today.stream"} or rule in LINES:
            continue
        path = filled(rule)
        answer = person.post(path, on="/account") if method == "POST" else person.client.get(path)
        status = answer.status_code
        assert (status == 403) == (rights.NEEDED[endpoint] not in MAY[role]), (rule, method, status)
        tried += 1
    assert tried > 50


def test_a_route_that_nobody_put_into_the_table_is_closed(lan: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(rights.NEEDED, "log.page")
    assert lan.client.get("/log").status_code == 403


def test_what_a_role_may_not_do_is_not_offered(another: Callable[..., Person]) -> None:
    page = another("Xem", Role.VIEWER).client.get("/programme").text
    assert 'class="hold"' not in page
    assert "/bulletin" not in page
    duty = another("Trực", Role.DUTY).client.get("/").text
    assert 'action="/emergency/start"' in duty
    assert 'action="/emergency/stop"' in duty
    assert 'action="/stop"' not in duty
