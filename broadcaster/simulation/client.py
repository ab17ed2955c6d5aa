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

_WITHIN_S = 5.0


def ask(home: Home, request: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to one request.

    ``{"do": "state"}``, ``{"do": "faults", "faults": ["silent", "encoder:garbled", …]}`` and
    ``{"do": "input", "number": 1, "closed": true}`` return the state: ``relay`` (a list, channel 1 first),
    ``inputs``, ``carrier``, ``open`` (cluster numbers), ``underruns``, ``faults`` by device and ``config``
    (:func:`fingerprint`). ``{"do": "stop"}`` returns ``{}`` and ends the simulator. Raises ``ControlError``
    when no simulator answers, ``UsageError`` when the request is wrong.
    """
    try:
        with connect(home.run / "simulator.sock", _WITHIN_S) as line, line.makefile("rb") as replies:
            line.sendall(json.dumps(request).encode() + b"\n")
            answer: dict[str, Any] = json.loads(replies.readline())
    except (OSError, ValueError):
        raise ControlError(Sentence("No simulated station is running.")) from None
    if "error" in answer:
        raise UsageError(Sentence.from_json(answer["error"]))
    return answer


def fingerprint(settings: Settings) -> str:
    """Return what tells one configuration from another: the SHA-256 of its JSON dump."""
    return hashlib.sha256(settings.model_dump_json().encode()).hexdigest()
