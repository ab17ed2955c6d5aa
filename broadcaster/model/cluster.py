"""Clusters (cụm loa), groups, and the fewest codes that reach exactly a set of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum

from broadcaster.errors import UsageError
from broadcaster.model.covering import fewest
from broadcaster.words import Sentence


@dataclass(frozen=True)
class Cluster:
    """One FM receiver with its horns on a pole, opened and closed by a code."""

    number: int
    name: str
    code: str
    hamlet: str = ""
    horns: int = 2
    position: tuple[float, float] | None = None
    level: int = 0


@dataclass(frozen=True)
class Group:
    """Clusters that one code opens together."""

    name: str
    code: str
    members: frozenset[int] = field(default_factory=frozenset)
    level: int = 0


class Reach(Enum):
    """How many receivers a call addresses."""

    ALL = "all"
    GROUP = "group"
    CLUSTER = "cluster"


@dataclass(frozen=True)
class Call:
    """One selective call: whom a code addresses. ``members`` are cluster numbers, ``level`` how loud."""

    reach: Reach
    code: str
    members: frozenset[int]
    level: int = 0


@dataclass(frozen=True)
class Network:
    """All clusters of a station, their groups, and whether one code reaches a group, or all of them."""

    clusters: tuple[Cluster, ...]
    groups: tuple[Group, ...] = ()
    all_call: bool = True
    group_calls: bool = True

    @property
    def numbers(self) -> frozenset[int]:
        return frozenset(cluster.number for cluster in self.clusters)

    def target(self, numbers: Collection[int], *, group: str = "", everyone: bool = False) -> frozenset[int]:
        """Return the clusters that a request names: all of them, one group's, or the ``numbers`` given.

        Raises ``UsageError`` when there is no such cluster or group, or nothing is named.
        """
        if everyone:
            return self.numbers
        if group:
            return self._group(group).members
        if not numbers:
            raise UsageError(Sentence("Say where it shall sound: name clusters, a group, or all."))
        if unknown := sorted(frozenset(numbers) - self.numbers):
            there = ", ".join(map(str, sorted(self.numbers)))
            raise UsageError(
                Sentence("There is no cluster {number}. There are: {numbers}.", number=unknown[0], numbers=there)
            )
        return frozenset(numbers)

    def is_in(self, number: int, group: str) -> bool:
        """Return whether a cluster belongs to a group."""
        return any(number in one.members for one in self.groups if one.name == group)

    def _group(self, name: str) -> Group:
        for group in self.groups:
            if group.name == name:
                return group
        names = ", ".join(group.name for group in self.groups) or "—"
        raise UsageError(Sentence("No group is called {name}. There are: {names}.", name=name, names=names))

    def calls(self, wanted: Collection[int]) -> tuple[Call, ...]:
        """Return the fewest calls that reach exactly ``wanted``, in a fixed order.

        Raises ``KeyError`` when a number is no cluster of this network.
        """
        target = frozenset(wanted)
        if unknown := target - self.numbers:
            raise KeyError(min(unknown))
        if not target:
            return ()
        if target == self.numbers and self.all_call:
            return (Call(Reach.ALL, "", target),)
        chosen = self._groups_within(target)
        covered = frozenset[int]().union(*(group.members for group in chosen))
        singles = [c for c in self.clusters if c.number in target - covered]
        return (
            *(Call(Reach.GROUP, group.code, group.members, group.level) for group in chosen),
            *(Call(Reach.CLUSTER, c.code, frozenset([c.number]), c.level) for c in singles),
        )

    def closing_calls(self, numbers: Collection[int]) -> tuple[Call, ...]:
        """Return the calls that leave ``numbers`` closed: all-call where there is one, since too much is safe."""
        if not numbers:
            return ()
        return self.calls(self.numbers if self.all_call else numbers)

    def _groups_within(self, target: frozenset[int]) -> tuple[Group, ...]:
        if not self.group_calls:
            return ()
        return tuple(self.groups[place] for place in fewest(tuple(group.members for group in self.groups), target))
