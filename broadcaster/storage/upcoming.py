"""What will sound: the occurrences of all schedules, and what was announced for a fixed time."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Engine, select

from broadcaster.config.settings import Settings
from broadcaster.errors import UsageError
from broadcaster.model.broadcast import State
from broadcaster.model.schedule import Schedule, occurrences
from broadcaster.storage import schedules
from broadcaster.storage.database import reading
from broadcaster.storage.tables import broadcasts
from broadcaster.words import Sentence


@dataclass(frozen=True, order=True)
class Upcoming:
    """``due`` is the Unix second of the first programme sample, ``keyed`` when the carrier is up.

    ``trouble`` says why it will not sound as things are, or not at its time.
    """

    due: float
    title: str = field(compare=False)
    clusters: frozenset[int] = field(compare=False)
    seconds: float = field(compare=False)
    keyed: tuple[float, float] = field(compare=False)
    schedule: Schedule | None = field(default=None, compare=False)
    broadcast: str = field(default="", compare=False)
    trouble: Sentence | None = field(default=None, compare=False)


def upcoming(engine: Engine, settings: Settings, after: float, until: float) -> list[Upcoming]:
    """Return what will sound in (``after``, ``until``] (Unix seconds), soonest first. Raises ``StorageError``."""
    rows = _rows(engine, after, until)
    settled = {(row.schedule, row.due) for row in rows}
    found = [row.upcoming for row in rows if row.waits]
    for one in occurrences(schedules.current(engine), after, until, settings.station.zone):
        if (one.schedule.id, one.due) not in settled:
            found.append(_of_schedule(one.due, one.schedule, settings))
    return _overlaps_named(sorted(found))


@dataclass(frozen=True)
class _Row:
    schedule: str
    due: float
    waits: bool
    upcoming: Upcoming


def _rows(engine: Engine, after: float, until: float) -> list[_Row]:
    query = select(broadcasts).where(broadcasts.c.due > after, broadcasts.c.due <= until)
    with reading(engine) as connection:
        rows = connection.execute(query).mappings().all()
    return [
        _Row(
            row["schedule_id"] or "",
            row["due"],
            row["state"] in (State.QUEUED, State.PREPARING),
            Upcoming(
                due=row["due"],
                title=row["title"],
                clusters=frozenset(row["clusters"]),
                seconds=row["planned_s"],
                keyed=(row["due"], row["due"] + row["planned_s"]),
                broadcast=row["id"],
            ),
        )
        for row in rows
    ]


def _of_schedule(due: float, schedule: Schedule, settings: Settings) -> Upcoming:
    trouble: Sentence | None = None
    keyed = (due - schedule.before, due + schedule.duration + schedule.after)
    try:
        clusters = schedule.target.within(settings.network)
    except UsageError as error:  # the configuration has changed since
        clusters, trouble = frozenset(), error.sentence
    if settings.quiet_hours.earliest_start(*keyed) != keyed[0]:
        trouble = Sentence("It will be refused: it falls into the quiet hours.")
    return Upcoming(due, schedule.title, clusters, schedule.duration, keyed, schedule, trouble=trouble)


def _overlaps_named(found: list[Upcoming]) -> list[Upcoming]:
    """There is one carrier: what overlaps waits for its turn, and may be too late then."""
    told: list[Upcoming] = []
    busy_until, by = 0.0, ""
    for one in found:
        waits = one.trouble is None and one.keyed[0] < busy_until
        trouble = Sentence("It has to wait: “{title}” sounds until then.", title=by) if waits else one.trouble
        told.append(Upcoming(**{**one.__dict__, "trouble": trouble}))
        if one.keyed[1] > busy_until and one.trouble is None:
            busy_until, by = one.keyed[1], one.title
    return told
