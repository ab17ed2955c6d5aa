"""What an approval is bound to, and how many persons it takes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum

from broadcaster.model.schedule import Schedule
from broadcaster.words import Sentence


@dataclass(frozen=True)
class Rule:
    """How the commune approves, as it has decided: by two persons, or by one in an office of one.

    Until it has decided, it takes two.
    """

    persons: int = 2
    decision: str = ""
    """Number and date of the commune's decision."""
    at: float | None = None
    by: str = ""

    @property
    def is_decided(self) -> bool:
        return self.at is not None


APPROVAL_BY = {
    1: Sentence("One person is enough: who may approve, approves what they save themselves."),
    2: Sentence("Two persons: nobody approves what they wrote themselves."),
}


class Standing(StrEnum):
    """Where the present version of a bulletin stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"

    @property
    def sentence(self) -> Sentence:
        """The word for people."""
        return _WORDS[self]


_WORDS = {
    Standing.WAITING: Sentence("waits for approval"),
    Standing.APPROVED: Sentence("approved"),
    Standing.RETURNED: Sentence("returned"),
}


def fingerprint(schedule: Schedule) -> str:
    """Return the SHA-256 of all that a person approves: words, sound, clusters, times, and what goes with them.

    The sound's name in the library is the hash of its samples. Whether a bulletin is paused is none of it.
    """
    rule = schedule.recurrence
    content = {
        "id": schedule.id,
        "title": schedule.title,
        "text": schedule.text,
        "sound": schedule.sound,
        "target": schedule.target.as_request(),
        "at": rule.at.isoformat(),
        "first": rule.first.isoformat(),
        "last": rule.last.isoformat() if rule.last else None,
        "weekdays": sorted(rule.weekdays),
        "priority": schedule.priority.word,
        "late_after": schedule.late_after,
        "at_once": schedule.at_once,
        "moves": list(schedule.moves) if schedule.moves else None,
        "item": [schedule.item_class, schedule.requester, schedule.language],
        "author": schedule.author,
        "version": schedule.version,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
