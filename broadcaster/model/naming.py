"""What people call the states and the origins of a broadcast."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from broadcaster.words import Sentence

OUTCOMES = {
    "queued": Sentence("waiting for its time"),
    "preparing": Sentence("being prepared"),
    "keying": Sentence("transmitter being switched on"),
    "opening": Sentence("clusters being opened"),
    "on_air": Sentence("on air"),
    "closing": Sentence("clusters being closed"),
    "unkeying": Sentence("transmitter being switched off"),
    "completed": Sentence("sounded whole"),
    "aborted": Sentence("broken off"),
    "failed": Sentence("failed"),
    "broken": Sentence("broken off by a fault"),
    "called off": Sentence("called off, did not sound"),
    "ended": Sentence("sounded until it was stopped"),
    "missed": Sentence("missed"),
    "refused": Sentence("refused"),
}
VERDICTS = {
    "heard": Sentence("heard off the air"),
    "doubtful": Sentence("doubtful whether it was heard off the air"),
    "not_heard": Sentence("NOT HEARD off the air"),
    "no_monitor": Sentence("no monitor: nobody knows whether it was heard"),
}
"""What the monitor receiver says of a broadcast."""
_ORIGINS = {
    "page": Sentence("from the page"),
    "schedule": Sentence("from the programme"),
    "command": Sentence("from the command line"),
    "test": Sentence("a test"),
    "live": Sentence("spoken live"),
}


def outcome(row: Mapping[str, Any]) -> str:
    """Return the key in ``OUTCOMES`` of a row of ``broadcasts``: its state, told apart by whether it was on air."""
    sounded = row["on_air_at"] is not None or bool(row["sounded_s"])
    if row["state"] == "failed" and sounded:
        return "broken"
    if row["state"] == "aborted" and not sounded:
        return "called off"
    if row["state"] == "aborted" and row["priority"] == "emergency":
        return "ended"
    return str(row["state"])


def origin(word: str) -> Sentence:
    """Say where a broadcast came from."""
    return _ORIGINS.get(word, Sentence("{text}", text=word))


def verdict(word: str, why: Sentence | None = None) -> Sentence:
    """Say what the monitor receiver says of a broadcast, and why."""
    said = VERDICTS.get(word, Sentence("{text}", text=word))
    return Sentence("{verdict}: {why}", verdict=said, why=why) if why else said
