"""What is said over the control socket: one JSON object a line each way.

A request has ``do`` and its arguments. A reply is ``{"ok": true, …}``, or ``{"ok": false, "error": <sentence>,
"exit": <status>}`` for a plain refusal.
"""

from __future__ import annotations

import json
from typing import Any

from broadcaster.errors import BroadcasterError, RefusedError, UsageError
from broadcaster.words import Sentence

LONGEST = 64 * 1024
"""Bytes of one message; sound never passes through here."""

Message = dict[str, Any]


def encode(message: Message) -> bytes:
    """Return one line."""
    return json.dumps(message, ensure_ascii=False).encode() + b"\n"


def decode(line: bytes) -> Message:
    """Return the object in ``line``. Raises ``UsageError`` when it is none."""
    try:
        message = json.loads(line)
    except ValueError:
        message = None
    if not isinstance(message, dict):
        raise UsageError(Sentence("That is no message of the control socket."))
    return message


def refusal(error: BroadcasterError) -> Message:
    """Return the reply that carries ``error``."""
    return {"ok": False, "error": error.sentence.as_json(), "exit": error.exit_status}


def result(reply: Message) -> Message:
    """Return ``reply`` if it is a yes; raise ``RefusedError`` or ``UsageError`` with the daemon's sentence if not."""
    if reply.get("ok"):
        return reply
    kind = UsageError if reply.get("exit") == UsageError.exit_status else RefusedError
    raise kind(Sentence.from_json(reply["error"]))
