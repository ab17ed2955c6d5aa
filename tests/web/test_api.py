"""The JSON API under schemathesis: whatever is asked, the answer is as described, and never a 500."""

from __future__ import annotations

import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

from tests.web.conftest import Person
from web.station import Station

QUESTIONS = int(os.environ.get("API_QUESTIONS", "600"))
"""In all. `make schemathesis` asks ten thousand."""


@pytest.fixture
def schema(station: Station) -> Any:
    """What the API says of itself to a program on the station's own computer."""
    app = station.app  # type: ignore[attr-defined]

    def from_here(environment: dict[str, Any], start: Any) -> Any:
        return app({**environment, "REMOTE_ADDR": "127.0.0.1"}, start)

    return schemathesis.openapi.from_wsgi("/api/openapi.json", from_here)


@pytest.mark.usefixtures("daemon")
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_question_is_answered_with_a_fault_of_ours(mode: GenerationMode, schema: Any) -> None:
    asked = []
    operations = [found.ok() for found in schema.get_all_operations()]
    cases = st.one_of([one.as_strategy(generation_mode=mode) for one in operations])

    @settings(max_examples=QUESTIONS // 2, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=cases)
    def ask(case: Any) -> None:
        answer = case.call()
        asked.append(answer.status_code)
        assert answer.status_code in (200, 404, 405, 422, 503), answer.text

    ask()
    assert len(asked) >= QUESTIONS // 3


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/log?day=2026-11-23", 200),
        ("/api/log?day=never", 422),
        ("/api/log?day=9999-12-31", 422),
        ("/api/log?page=-1", 422),
        ("/api/log?page=٣", 422),
        ("/api/programme?days=61", 422),
        ("/api/programme?days=2", 200),
        ("/api/nothing", 404),
    ],
)
def test_what_is_asked_wrongly_is_told_in_json(path: str, status: int, lan: Person) -> None:
    answer = lan.client.get(path)
    assert answer.status_code == status
    assert answer.is_json


def test_a_stranger_from_another_machine_reads_nothing(station: Station) -> None:
    client = station.app.test_client()  # type: ignore[attr-defined]
    for path in ("/api/log", "/api/programme", "/api/openapi.json"):
        assert client.get(path, environ_base={"REMOTE_ADDR": "192.168.1.7"}).status_code == 401
        assert client.get(path).status_code == 200
