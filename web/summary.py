"""What would come of a bulletin, before it is saved: one sentence, and what tomorrow would be like."""

from __future__ import annotations

from dataclasses import dataclass, replace

from broadcaster.model.approval import Standing
from broadcaster.model.schedule import Schedule
from broadcaster.storage.approvals import State
from broadcaster.storage.plan import Plan
from broadcaster.storage.upcoming import Upcoming, upcoming
from broadcaster.words import Sentence
from web.ribbon import bounds
from web.station import station
from web.wording import clusters, length, rule


@dataclass(frozen=True)
class Summary:
    """``day`` is the Unix second at which the day that is shown begins: the first on which it sounds."""

    sentence: Sentence
    day: float
    sounds: list[tuple[Upcoming, bool]]
    """What that day would hold, and whether it is this bulletin."""


def summary(made: Schedule) -> Summary:
    """Return what saving this would come to. Raises ``StorageError``."""
    here = station()
    told = {
        "title": made.title,
        "where": clusters(made.target.within(here.settings.network), here.settings),
        "length": length(made.duration),
    }
    if made.at_once:
        return Summary(Sentence("“{title}” sounds at once, in {where}; it lasts {length}.", **told), 0.0, [])
    sentence = Sentence("“{title}” sounds {when}, in {where}; it lasts {length}.", when=rule(made.recurrence), **told)
    zone, now = here.settings.station.zone, here.clock.now()
    begin, end = bounds(zone, made.recurrence.next(now, zone) or now)
    begin = max(begin, now)
    known = here.planned.plan()
    others = [one for one in known.schedules if one.id != made.id]
    states = {**known.states, made.id: State(Standing.APPROVED)}
    plan = Plan((*others, replace(made, paused=False)), states)
    found = upcoming(here.log_book, here.settings, begin - 1, end - 1, plan)
    return Summary(sentence, begin, [(one, _is(one, made)) for one in found])


def _is(one: Upcoming, made: Schedule) -> bool:
    return one.schedule is not None and one.schedule.id == made.id
