"""A schedule as a row, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from broadcaster.model.priority import Priority
from broadcaster.model.recurrence import Recurrence
from broadcaster.model.schedule import Schedule, Target


def values(schedule: Schedule) -> dict[str, Any]:
    """Return the columns that a person decides."""
    rule = schedule.recurrence
    return {
        "title": schedule.title,
        "sound": schedule.sound,
        "text": schedule.text,
        "target": schedule.target.as_request(),
        "priority": schedule.priority.word,
        "at": rule.at.isoformat(),
        "first": rule.first.isoformat(),
        "last": rule.last.isoformat() if rule.last else None,
        "weekdays": sorted(rule.weekdays),
        "late_after_s": schedule.late_after,
        "duration_s": schedule.duration,
        "before_s": schedule.before,
        "after_s": schedule.after,
        "paused": int(schedule.paused),
        "at_once": int(schedule.at_once),
        "moves": list(schedule.moves) if schedule.moves else None,
        "item_class": schedule.item_class,
        "requester": schedule.requester,
        "language": schedule.language,
        "ends": None if schedule.at_once else _ends(schedule.recurrence),
    }


def readable(row: Mapping[str, Any]) -> Schedule | None:
    """Return the schedule, ``None`` when the row (written by hand) cannot be understood."""
    try:
        return _schedule(row)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _schedule(row: Mapping[str, Any]) -> Schedule:
    target = row["target"]
    return Schedule(
        id=row["id"],
        title=row["title"],
        sound=row["sound"],
        text=row["text"],
        target=Target(tuple(map(int, target["clusters"])), str(target["group"]), bool(target["all"])),
        recurrence=Recurrence(
            at=time.fromisoformat(row["at"]),
            first=date.fromisoformat(row["first"]),
            last=date.fromisoformat(row["last"]) if row["last"] else None,
            weekdays=frozenset(map(int, row["weekdays"])),
        ),
        priority=Priority.of(row["priority"]),
        late_after=float(row["late_after_s"]),
        duration=float(row["duration_s"]),
        before=float(row["before_s"]),
        after=float(row["after_s"]),
        paused=bool(row["paused"]),
        revision=int(row["revision"]),
        version=int(row["version"]),
        author=int(row["author_id"]),
        at_once=bool(row["at_once"]),
        moves=(str(row["moves"][0]), float(row["moves"][1])) if row["moves"] else None,
        item_class=row["item_class"],
        requester=row["requester"],
        language=row["language"],
    )


def _ends(rule: Recurrence) -> float | None:
    """Return a Unix second after which it surely owes nothing, wherever on earth; ``None`` when there is none."""
    if rule.last is None:
        return None
    return datetime.combine(rule.last, time(), UTC).timestamp() + LEEWAY_S


LEEWAY_S = 4 * 86400.0
"""A day that is not over yet somewhere, and a day of lateness, and some to spare."""
