from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from broadcaster.control.server import ControlServer
from broadcaster.home import Home
from broadcaster.words import Sentence

FAULT = {"kind": "unkey", "sentence": Sentence("Port {port} hangs.", port="X").as_json(), "over": False}
CLUSTERS = [{"number": 1, "state": "open"}, {"number": 2, "state": "unknown"}]
STATUS = {"simulated": True, "faults": [FAULT], "transmitter": {"on": True}, "clusters": CLUSTERS}


@pytest.fixture
def daemon(home: Home) -> Iterator[ControlServer]:
    server = ControlServer(home.control_socket, {"status": lambda _: STATUS})
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
    assert answer["upcoming"] == []


@pytest.mark.usefixtures("daemon")
def test_figures_that_prometheus_reads_and_none_for_what_is_unknown(client: FlaskClient) -> None:
    families = {one.name: one for one in text_string_to_metric_families(client.get("/metrics").text)}
    assert families["broadcaster_carrier_on"].samples[0].value == 1
    assert [s.labels["cluster"] for s in families["broadcaster_cluster_open"].samples] == ["1"]


def test_figures_without_a_daemon(client: FlaskClient) -> None:
    families = {one.name: one for one in text_string_to_metric_families(client.get("/metrics").text)}
    assert families["broadcaster_up"].samples[0].value == 0
    assert "broadcaster_carrier_on" not in families


@pytest.mark.parametrize("path", ["/healthz", "/api/status", "/sign-in", "/", "/static/base.css", "/nothing"])
def test_every_answer_carries_its_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path, buffered=True).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("path", ["/api/status", "/metrics"])
@pytest.mark.parametrize("far", [{"REMOTE_ADDR": "192.168.1.7"}, {"HTTP_X_FORWARDED_FOR": "192.168.1.7"}])
def test_from_another_computer_one_must_sign_in(client: FlaskClient, path: str, far: dict[str, str]) -> None:
    assert client.get(path, environ_overrides=far).status_code in (302, 401)
