"""Saving a bulletin: measured and allowed by the daemon, written down, and approved where one person is enough."""

from __future__ import annotations

from dataclasses import replace

from flask import g

from broadcaster.errors import RefusedError
from broadcaster.model.approval import Standing
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
        return replace(made, duration=here.library.get(made.sound).duration_s), here.clock.now()
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


def _approve(stands: Schedule, ground: Ground, *, new: bool) -> None:
    """What cannot be approved (a move that comes too late) leaves nothing behind."""
    try:
        deciding.approve(station().log_book, stands, g.user, ground)
    except RefusedError:
        if new:
            schedules.remove(station().log_book, stands.id, stands.revision, g.user, ground)
        raise


def submit(made: Schedule, known: Schedule | None, asked_at: float) -> bool:
    """Write it down, new or in place of ``known``; return whether it is approved with that.

    Raises ``RefusedError`` and ``StorageError``.
    """
    here = station()
    ground = replace(here.ground, now=asked_at)
    if known is None:
        schedules.add(here.log_book, made, g.user, asked_at)
    else:
        schedules.change(here.log_book, made, g.user, ground)
    approved = by_oneself(g.user)
    if approved and (stands := schedules.get(here.log_book, made.id)) is not None:
        if approvals.states(here.log_book, [stands], here.key)[stands.id].standing is not Standing.APPROVED:
            _approve(stands, ground, new=known is None)
        if stands.at_once:
            sound_now(stands)
    here.tell_changed()
    return approved
