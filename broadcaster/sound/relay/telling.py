"""What the log book says of a relay's ladder."""

from __future__ import annotations

from broadcaster.config.relays import RelaySettings
from broadcaster.sound.relay.ladder import Fault
from broadcaster.words import Sentence

_WHY = {
    Fault.STALLED: Sentence("does not come"),
    Fault.SILENT: Sentence("is silent"),
}


def rung_name(settings: RelaySettings, rung: int) -> Sentence:
    """Return what people call a rung."""
    if rung > len(settings.feeds):
        return Sentence("nothing")
    if rung == len(settings.feeds):
        return Sentence("the file in reserve")
    if settings.input != "stream":
        return Sentence("the input of the sound card")
    return Sentence("address {number}", number=rung + 1)


def left(settings: RelaySettings, left: int, now: int, fault: Fault) -> Sentence:
    """Say that the relay left one rung for another, and why."""
    about = {"title": settings.title, "left": rung_name(settings, left), "now": rung_name(settings, now)}
    if now > len(settings.feeds):
        return Sentence("Relay {title}: {left} {why}, and nothing else is left: closed down.", why=_WHY[fault], **about)
    return Sentence("Relay {title}: {left} {why}; changed to {now}.", why=_WHY[fault], **about)


def closed_down(settings: RelaySettings) -> Sentence:
    """Say that the file has ended and nothing came back."""
    return Sentence(
        "Relay {title}: the file in reserve is over and nothing came back: closed down.", title=settings.title
    )
