from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from broadcaster.config.loading import load
from broadcaster.control.server import ControlServer
from broadcaster.home import Home
from broadcaster.words import Sentence
from web import create_app

SETTINGS = load(Path(__file__).parents[2] / "config" / "clusters.toml")
FAULT = {"kind": "unkey", "sentence": Sentence("Port {port} hangs.", port="X").as_json(), "over": False}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path).make()


@pytest.fixture
def client(home: Home) -> FlaskClient:
    return create_app(SETTINGS, home).test_client()


@pytest.fixture
def daemon(home: Home) -> Iterator[ControlServer]:
    server = ControlServer(home.control_socket, {"status": lambda _: {"simulated": True, "faults": [FAULT]}})
    yield server
    server.close()


def test_unhealthy_without_a_daemon_and_still_in_words(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 503
    answer = client.get("/api/status")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["simulated"] is True
    assert "không trả lời" in answer.json["faults"][0]["sentence"]["vi"]


@pytest.mark.usefixtures("daemon")
def test_healthy_only_when_the_daemon_answers(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    answer = client.get("/api/status").json
    assert answer is not None
    assert answer["faults"][0]["sentence"] == {"vi": "Cổng X bị treo.", "en": "Port X hangs."}


def test_every_answer_carries_its_headers(client: FlaskClient) -> None:
    for path in ("/healthz", "/api/status", "/nothing"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
