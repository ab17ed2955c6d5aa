"""What will sound: the occurrences of all schedules, and what was announced for a fixed time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sqlalchemy import Engine, select

from broadcaster.config.settings import Settings
from broadcaster.errors import UsageError
from broadcaster.model.broadcast import State
from broadcaster.model.priority import Priority
from broadcaster.model.schedule import Schedule, occurrences
from broadcaster.storage import moved
from broadcaster.storage.database import reading
from broadcaster.storage.plan import Plan
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
    priority: Priority = field(default=Priority.ROUTINE, compare=False)
    trouble: Sentence | None = field(default=None, compare=False)
    approved: bool = field(default=True, compare=False)

    @property
    def lead_in_s(self) -> float:
        """Seconds of carrier and codes before the sound; 0 when they are not known yet."""
        return self.due - self.keyed[0]


def upcoming(engine: Engine, settings: Settings, after: float, until: float, known: Plan) -> list[Upcoming]:
    """Return what will sound in (``after``, ``until``] (Unix seconds), soonest first. Raises ``StorageError``.

    ``known`` is what was planned ``after`` that time, or before.
    """
    zone = settings.station.zone
    rows = _rows(engine, moved.day_of(after, zone)[0], until)
    settled = {(row.schedule, row.due) for row in rows if not row.missed}  # missed before its time: still to come
    left = {(row.schedule, moved.day_of(row.due, zone)) for row in rows if row.moved}
    found = [row.upcoming for row in rows if row.waits and row.due > after]
    for one in occurrences(known.schedules, after, until, zone):
        if (one.schedule.id, one.due) in settled or (one.schedule.id, moved.day_of(one.due, zone)) in left:
            continue
        refusal = known.states[one.schedule.id].refusal
        if refusal is not None and one.schedule.moves:
            refusal = _MOVE_HOLDS_NOT if one.schedule.moves in settled else _MOVE_WAITS
        found.append(_of_schedule(one.due, one.schedule, settings, refusal))
    return _overlaps_named(sorted(found))


_MOVE_WAITS = Sentence("This move is not approved yet: until then the old time holds.")
_MOVE_HOLDS_NOT = Sentence("This change is not approved yet, and the old time is called off already.")


@dataclass(frozen=True)
class _Row:
    schedule: str
    due: float
    waits: bool
    missed: bool
    moved: bool
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
            row["state"] == State.MISSED,
            moved.tells(row),
            Upcoming(
                due=row["due"],
                title=row["title"],
                clusters=frozenset(row["clusters"]),
                seconds=row["planned_s"],
                keyed=(row["due"], row["due"] + row["planned_s"]),
                broadcast=row["id"],
                priority=Priority.of(row["priority"]),
            ),
        )
        for row in rows
    ]


def _of_schedule(due: float, schedule: Schedule, settings: Settings, trouble: Sentence | None) -> Upcoming:
    keyed = (due - schedule.before, due + schedule.duration + schedule.after)
    approved = trouble is None
    try:
        clusters = schedule.target.within(settings.network)
    except UsageError as error:  # the configuration has changed since
        clusters, trouble = frozenset(), error.sentence
    if settings.quiet_hours.earliest_start(*keyed) != keyed[0]:
        trouble = Sentence("It will be refused: it falls into the quiet hours.")
    return Upcoming(
        due,
        schedule.title,
        clusters,
        schedule.duration,
        keyed,
        schedule,
        priority=schedule.priority,
        trouble=trouble,
        approved=approved,
    )


def _overlaps_named(found: list[Upcoming]) -> list[Upcoming]:
    """There is one carrier: what overlaps waits for its turn, and may be too late then; or it breaks off the other."""
    told: list[Upcoming] = []
    busy: Upcoming | None = None
    for one in found:
        trouble = one.trouble
        if trouble is None and busy is not None and one.keyed[0] < busy.keyed[1]:
            more_urgent = one.priority > busy.priority
            text = _BREAKS_OFF if more_urgent else _WAITS
            trouble = Sentence(text.text, title=busy.title)
        told.append(replace(one, trouble=trouble))
        if one.trouble is None and (busy is None or one.keyed[1] > busy.keyed[1] or one.priority > busy.priority):
            busy = one
    return told


_WAITS = Sentence("It has to wait: “{title}” sounds until then.")
_BREAKS_OFF = Sentence("It is more urgent and breaks off “{title}”.")
