"""Health for machines: ``/healthz``, ``/api/status``, ``/metrics``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, jsonify
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from broadcaster.errors import BroadcasterError
from broadcaster.words import Sentence
from web.station import station

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def healthz() -> tuple[dict[str, Any], int]:
    """200 only when the daemon answers."""
    answer, status = _ask(with_upcoming=False)
    pid = (answer.get("daemon") or {}).get("pid")
    return {"ok": status == 200, "simulated": answer["simulated"], "daemon": pid}, status


@pages.get("/api/status")
def status() -> tuple[Response, int]:
    """Return what the daemon knows just now, with what comes next."""
    answer, status = _ask()
    return jsonify(answer), status


@pages.get("/metrics")
def metrics() -> Response:
    """Return the same for Prometheus, as figures."""
    registry = CollectorRegistry()
    registry.register(_Figures(*_ask()))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Figures:
    """What is unknown has no figure: it is never shown as 0."""

    def __init__(self, answer: dict[str, Any], status: int) -> None:
        self._answer = answer
        self._up = status == 200

    def collect(self) -> Iterator[Metric]:
        """Yield the figures."""
        answer = self._answer
        yield GaugeMetricFamily("broadcaster_up", "1 when the daemon answers", value=float(self._up))
        yield GaugeMetricFamily("broadcaster_simulated", "1 when no real device", value=float(answer["simulated"]))
        yield GaugeMetricFamily("broadcaster_faults", "faults on view", value=len(answer["faults"]))
        if not self._up:
            return
        if (on := answer["transmitter"]["on"]) is not None:
            yield GaugeMetricFamily("broadcaster_carrier_on", "1 when the key was read back on", value=float(on))
        if (alive := answer.get("monitor", {}).get("alive")) is not None:
            yield GaugeMetricFamily(
                "broadcaster_monitor_alive", "1 when the monitor receiver hears", value=float(alive)
            )
        opened = GaugeMetricFamily("broadcaster_cluster_open", "1 when commanded open", labels=["cluster"])
        for cluster in answer["clusters"]:
            if cluster["state"] != "unknown":
                opened.add_metric([str(cluster["number"])], float(cluster["state"] == "open"))
        yield opened


def _ask(*, with_upcoming: bool = True) -> tuple[dict[str, Any], int]:
    here = station()
    try:
        answer = here.daemon.ask("status")
    except BroadcasterError as error:
        fault = {"kind": "daemon", "sentence": error.sentence.as_json(), "over": False}
        return {"daemon": None, "simulated": here.settings.simulated, "faults": [_worded(fault)]}, 503
    del answer["ok"]
    answer["faults"] = [_worded(fault) for fault in answer["faults"]]
    if last := answer.get("monitor", {}).get("last"):
        last["why"] = last["why"] and _said(Sentence.from_json(last["why"]))
    if with_upcoming:  # not for /healthz: a locked log book must not make the station look dead
        answer["upcoming"] = [
            {"due": one.due, "title": one.title, "clusters": sorted(one.clusters), "duration_s": one.seconds}
            for one in here.board.upcoming() or []
        ]
    return answer, 200


def _worded(fault: dict[str, Any]) -> dict[str, Any]:
    return {**fault, "sentence": _said(Sentence.from_json(fault["sentence"]))}


def _said(sentence: Sentence) -> dict[str, str]:
    return {"vi": sentence.to("vi"), "en": sentence.to("en")}
