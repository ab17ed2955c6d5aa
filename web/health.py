"""Health for machines: ``/healthz`` and ``/api/status``."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from broadcaster.config.settings import Settings
from broadcaster.control.client import ControlClient
from broadcaster.errors import BroadcasterError
from broadcaster.words import Sentence


def pages(settings: Settings, daemon: ControlClient) -> Blueprint:
    """Return the two addresses."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> tuple[dict[str, Any], int]:
        """200 only when the daemon answers."""
        answer, status = _ask(settings, daemon)
        pid = (answer.get("daemon") or {}).get("pid")
        return {"ok": status == 200, "simulated": answer["simulated"], "daemon": pid}, status

    @blueprint.get("/api/status")
    def status() -> tuple[Response, int]:
        answer, status = _ask(settings, daemon)
        return jsonify(answer), status

    return blueprint


def secured(response: Response) -> Response:
    """Set the headers that every answer carries."""
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def _ask(settings: Settings, daemon: ControlClient) -> tuple[dict[str, Any], int]:
    try:
        answer = daemon.ask("status")
    except BroadcasterError as error:
        fault = {"kind": "daemon", "sentence": error.sentence.as_json(), "over": False}
        return {"daemon": None, "simulated": settings.simulated, "faults": [_worded(fault)]}, 503
    del answer["ok"]
    answer["faults"] = [_worded(fault) for fault in answer["faults"]]
    return answer, 200


def _worded(fault: dict[str, Any]) -> dict[str, Any]:
    sentence = Sentence.from_json(fault["sentence"])
    return {**fault, "sentence": {"vi": sentence.to("vi"), "en": sentence.to("en")}}
