"""Saving a bulletin: measured and allowed by the daemon, written down, and approved where one person is enough."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum, auto

from flask import g

from broadcaster.errors import ControlError, RefusedError
from broadcaster.model.approval import Standing
from broadcaster.model.relay import Relay
from broadcaster.model.schedule import Schedule
from broadcaster.storage import approvals, deciding, schedules
from broadcaster.storage.ground import Ground
from broadcaster.words import Sentence
from web.approvals import by_oneself, sound_now
from web.station import station


def check_schedule(made: Schedule) -> tuple[Schedule, float]:
    """Return the schedule with its lengths measured, and the time for which the daemon's answer holds.

    Raises ``RefusedError`` when the rules forbid it, or its clusters are not the user's.
    """
    here, rule = station(), made.recurrence
    if not g.user.may_use(made.target.within(here.settings.network), here.settings.network):
        raise RefusedError(Sentence("Some of these clusters are not yours: take them out, or ask an administrator."))
    if made.at_once:
        relay = Relay.of(made.sound)
        duration = relay.minutes * 60.0 if relay else here.library.get(made.sound).duration_s
        return replace(made, duration=duration), here.clock.now()
    measured = here.daemon.ask(
        "check schedule",
        sound=made.sound,
        at=rule.at.isoformat(),
        first=rule.first.isoformat(),
        last=rule.last.isoformat() if rule.last else None,
        weekdays=sorted(rule.weekdays),
        **made.target.as_request(),
    )
    duration, before, after, asked_at = (float(measured[name]) for name in ("duration", "before", "after", "now"))
    return replace(made, duration=duration, before=before, after=after), asked_at


class Outcome(Enum):
    """What became of a bulletin that was saved."""

    APPROVED = auto()
    WAITING = auto()
    NOT_HANDED_OVER = auto()
    """To sound at once, approved, but the controller did not answer: it can be handed over again."""


def submit(made: Schedule, known: Schedule | None, asked_at: float) -> Outcome:
    """Write it down, new or in place of ``known``; where one person is enough it is approved with that.

    What is refused then (a move that comes too late, a loudspeaker asked for at night) leaves nothing new behind.
    Raises ``RefusedError`` and ``StorageError``.
    """
    here = station()
    ground = replace(here.ground, now=asked_at)
    if known is None:
        schedules.add(here.log_book, made, g.user, asked_at)
    else:
        schedules.change(here.log_book, made, g.user, ground)
    try:
        return _decide(made, ground) if by_oneself(g.user) else Outcome.WAITING
    except RefusedError:
        if known is None and (left := schedules.get(here.log_book, made.id)) is not None:
            schedules.remove(here.log_book, left.id, left.revision, g.user, ground)
        raise
    finally:
        here.tell_changed()


def _decide(made: Schedule, ground: Ground) -> Outcome:
    here = station()
    stands = schedules.get(here.log_book, made.id)
    if stands is None:  # somebody was quick to delete it
        return Outcome.WAITING
    if approvals.states(here.log_book, [stands], here.key)[stands.id].standing is not Standing.APPROVED:
        deciding.approve(here.log_book, stands, g.user, ground)
    if stands.at_once:
        try:
            sound_now(stands)
        except ControlError:
            return Outcome.NOT_HANDED_OVER
    return Outcome.APPROVED
