"""Rules, places and lengths in words."""

from __future__ import annotations

from broadcaster.config.settings import Settings
from broadcaster.model.recurrence import EVERY_DAY, Recurrence
from broadcaster.model.schedule import Target
from broadcaster.words import Sentence

WEEKDAYS = (
    Sentence("Monday"),
    Sentence("Tuesday"),
    Sentence("Wednesday"),
    Sentence("Thursday"),
    Sentence("Friday"),
    Sentence("Saturday"),
    Sentence("Sunday"),
)


def rule(one: Recurrence) -> Sentence:
    """Say when a schedule sounds."""
    at = f"{one.at:%H:%M}"
    if one.is_once:
        return Sentence("once, at {at} on {day}", at=at, day=f"{one.first:%d/%m/%Y}")
    days = Sentence("every day") if one.weekdays == EVERY_DAY else _days(sorted(one.weekdays))
    told = {"days": days, "at": at, "first": f"{one.first:%d/%m/%Y}"}
    if one.last is None:
        return Sentence("{days} at {at}, from {first} on", **told)
    return Sentence("{days} at {at}, from {first} to {last}", last=f"{one.last:%d/%m/%Y}", **told)


def place(target: Target, settings: Settings) -> Sentence:
    """Say where something sounds."""
    if target.everyone:
        return Sentence("the whole commune")
    if target.group:
        titles = {group.name: group.title or group.name for group in settings.group}
        return Sentence("{text}", text=titles.get(target.group, target.group))
    return clusters(target.clusters, settings)


def clusters(numbers: tuple[int, ...] | frozenset[int] | list[int], settings: Settings) -> Sentence:
    """Say which clusters."""
    wanted = sorted(numbers)
    if len(wanted) > 1 and frozenset(wanted) == settings.network.numbers:
        return Sentence("the whole commune")
    names = {cluster.number: cluster.hamlet or cluster.name for cluster in settings.cluster}
    return Sentence("{text}", text=", ".join(f"{names.get(number, '?')} ({number})" for number in wanted) or "—")


def length(seconds: float) -> Sentence:
    """Say how long something lasts."""
    whole = max(0, round(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    if hours:
        return Sentence("{hours} h {minutes} min", hours=hours, minutes=minutes)
    if minutes:
        return Sentence("{minutes} min {seconds} s", minutes=minutes, seconds=rest)
    return Sentence("{seconds} s", seconds=rest)


def _days(weekdays: list[int]) -> Sentence:
    first, rest = WEEKDAYS[weekdays[0]], weekdays[1:]
    return Sentence("{first}, {rest}", first=first, rest=_days(rest)) if rest else first
