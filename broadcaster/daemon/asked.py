"""Reads what a request asks for: which clusters, how urgent, and the broadcast as a whole."""

from __future__ import annotations

from collections.abc import Callable

from broadcaster.config.settings import Settings
from broadcaster.control.messages import Message
from broadcaster.errors import UsageError
from broadcaster.model.broadcast import Broadcast, new_broadcast_id
from broadcaster.model.priority import Priority
from broadcaster.words import Sentence

_PAST_S = 60.0
_FARTHEST_S = 366 * 86400.0


def target_of(settings: Settings, request: Message) -> frozenset[int]:
    """Return the clusters that a request's ``clusters``, ``group`` or ``all`` names. Raises ``UsageError``."""
    return settings.network.target(
        request.get("clusters") or (), group=request.get("group") or "", everyone=bool(request.get("all"))
    )


def priority_of(request: Message) -> Priority:
    """Return the class asked for. An emergency has a request of its own. Raises ``UsageError``."""
    word = str(request.get("priority", "routine"))
    if word not in ("routine", "priority"):
        raise UsageError(Sentence("The priority is routine or priority, not {word}.", word=word))
    return Priority.of(word)


def broadcast_of(settings: Settings, request: Message, now: float, seconds: Callable[[str], float]) -> Broadcast:
    """Return the broadcast that is asked for; ``seconds`` tells the length of a sound. Raises ``UsageError``."""
    due = request.get("at")
    if due is not None and due < now - _PAST_S:
        raise UsageError(Sentence("That time has passed already: give a later one."))
    if due is not None and due > now + _FARTHEST_S:
        raise UsageError(Sentence("That is more than a year ahead: give an earlier time."))
    sound = str(request["sound"])
    return Broadcast(
        id=new_broadcast_id(now),
        title="".join(c if c.isprintable() else " " for c in str(request["title"]))[:200],
        clusters=target_of(settings, request),
        priority=priority_of(request),
        sound=sound,
        due=due,
        duration=seconds(sound),
        origin=str(request.get("origin", "command")),
        by=str(request.get("by", "")),
        late_after=settings.rules.late_after_min * 60,
    )
