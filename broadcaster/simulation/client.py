"""Asks the simulated station: its state, its faults, its end."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from broadcaster.config.settings import Settings
from broadcaster.errors import ControlError, UsageError
from broadcaster.home import Home
from broadcaster.sockets import connect
from broadcaster.words import Sentence


def ask(home: Home, request: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to one request.

    Requests are ``{"do": "state"}``, ``{"do": "faults", "faults": […]}`` and ``{"do": "stop"}``. Raises
    ``ControlError`` when no simulator answers, ``UsageError`` when the request is wrong.
    """
    try:
        with connect(home.run / "simulator.sock", 5) as line, line.makefile("rb") as replies:
            line.sendall(json.dumps(request).encode() + b"\n")
            answer: dict[str, Any] = json.loads(replies.readline())
    except (OSError, ValueError):
        raise ControlError(Sentence("No simulated station is running. Start it with: make run")) from None
    if "error" in answer:
        raise UsageError(Sentence.from_json(answer["error"]))
    return answer


def fingerprint(settings: Settings) -> str:
    """Return what tells one configuration from another."""
    return hashlib.sha256(settings.model_dump_json().encode()).hexdigest()
