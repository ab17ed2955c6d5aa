"""A schedule: what sounds where, again and again; and what a set of schedules comes to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from broadcaster.model.broadcast import Broadcast, new_broadcast_id
from broadcaster.model.cluster import Network
from broadcaster.model.priority import Priority
from broadcaster.model.recurrence import Recurrence


@dataclass(frozen=True)
class Target:
    """Where something sounds: every cluster, one group, or these; kept in words, so that "all" stays all."""

    clusters: tuple[int, ...] = ()
    group: str = ""
    everyone: bool = False

    def within(self, network: Network) -> frozenset[int]:
        """Return the clusters meant. Raises ``UsageError`` when there is no such cluster or group."""
        return network.target(self.clusters, group=self.group, everyone=self.everyone)

    def as_request(self) -> dict[str, object]:
        """Return it as requests to the daemon and rows of the log book have it."""
        return {"clusters": list(self.clusters), "group": self.group, "all": self.everyone}


@dataclass(frozen=True)
class Schedule:
    """``duration`` is the length of the finished mix, ``before`` and ``after`` the seconds of carrier around it.

    An occurrence that cannot begin within ``late_after`` seconds of its time is missed.
    """

    id: str
    title: str
    sound: str
    target: Target
    recurrence: Recurrence
    priority: Priority = Priority.ROUTINE
    text: str = ""
    late_after: float = 600.0
    duration: float = 0.0
    before: float = 0.0
    after: float = 0.0
    paused: bool = False
    revision: int = 1
    version: int = 1
    """Counts the changes of what was approved."""
    author: int = 0
    """The user who wrote this version."""
    at_once: bool = False
    """It sounds once, as soon as it is approved; its rule says nothing."""
    moves: tuple[str, float] | None = None
    """The occurrence (schedule, Unix second) in whose place it sounds."""
    item_class: str = "own"
    requester: str = ""
    language: str = "vi"

    @property
    def sleeps(self) -> bool:
        """Whether its rule owes nothing."""
        return self.paused or self.at_once

    def occurrence(self, due: float, clusters: frozenset[int]) -> Broadcast:
        """Return the broadcast of one occurrence; ``clusters`` is what the target comes to."""
        return Broadcast(
            id=new_broadcast_id(due),
            title=self.title,
            clusters=clusters,
            priority=self.priority,
            sound=self.sound,
            due=due,
            duration=self.duration,
            origin="schedule",
            schedule=self.id,
            late_after=self.late_after,
        )


@dataclass(frozen=True, order=True)
class Occurrence:
    """One time at which a schedule will sound: ``due`` is the Unix second of its first programme sample."""

    due: float
    schedule: Schedule = field(compare=False)

    @property
    def keyed(self) -> tuple[float, float]:
        """From when to when the carrier is up."""
        return self.due - self.schedule.before, self.due + self.schedule.duration + self.schedule.after


def occurrences(schedules: Iterable[Schedule], after: float, until: float, zone: ZoneInfo) -> list[Occurrence]:
    """Return what the schedules that do not sleep come to in (``after``, ``until``], soonest first."""
    return sorted(
        Occurrence(due, schedule)
        for schedule in schedules
        if not schedule.sleeps
        for due in schedule.recurrence.between(after, until, zone)
    )


def first_overlap(
    one: Schedule, others: Collection[Schedule], after: float, until: float, zone: ZoneInfo
) -> tuple[Occurrence, Occurrence] | None:
    """Return the first occurrence of ``one`` that would share the carrier with another's, and that other."""
    theirs = occurrences((s for s in others if s.id != one.id), after - _LONGEST, until, zone)
    for mine in occurrences([one], after, until, zone):
        for other in theirs:
            if other.keyed[0] < mine.keyed[1] and mine.keyed[0] < other.keyed[1]:
                return mine, other
    return None


_LONGEST = 86400.0
