"""How long controller, transmitter and clusters were in which state. Time without a row is unknown, never "up"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from broadcaster.reports.spans import Span, both, total, union, without
from broadcaster.words import Sentence

Row = Mapping[str, Any]
"""A row of ``device_intervals`` or ``faults``."""

TRANSMITTER_FAULTS = ("unkey",)
"""Kinds of faults that stand open while the transmitter cannot be relied on."""
AVAILABILITY = Sentence(
    "Availability of the transmitter: the share of the time since first use in which the controller ran, the state of "
    "the transmitter was read back (on or off), and no fault of it stood open. Unknown time counts as not available."
)
SWITCHED_OFF = Sentence("the controller was switched off in order")
CRASHED = Sentence("the controller crashed, was killed, or lost its power (last sign of life)")
LEAPT = Sentence("the clock of the computer was set: what it leapt over is unknown")
NO_ANSWER = Sentence("the transmitter's relay did not answer")
_SAME_S = 1.0
_CAUSES = (SWITCHED_OFF, LEAPT)
_MARKS = {"stopped": 0, "leapt": 1}
"""States of the controller that last no time: they say why what came before has ended."""


@dataclass(frozen=True)
class Outage:
    """When, and why as far as known."""

    begin: float
    end: float
    cause: Sentence


@dataclass(frozen=True)
class Controller:
    """Seconds; the outages are the unknown time."""

    up_s: float
    unknown_s: float
    outages: tuple[Outage, ...]


@dataclass(frozen=True)
class Transmitter:
    """Seconds, by read-back of the key; ``available_s`` as :data:`AVAILABILITY` says."""

    on_s: float
    off_s: float
    unknown_s: float
    available_s: float
    outages: tuple[Outage, ...]


@dataclass(frozen=True)
class ClusterHours:
    """Seconds commanded open: a cluster cannot answer."""

    number: int
    openings: int
    open_s: float
    unknown_s: float


def controller(rows: Sequence[Row], measured: Span, alive_until: float) -> Controller:
    """Return the controller's figures; ``alive_until`` is the last sign of life in the log book."""
    whole = [measured]
    up = _spans(rows, ("up",), alive_until)
    gaps = both(without([(float("-inf"), float("inf"))], up), whole)
    marks = sorted((float(row["from_at"]), _MARKS[row["state"]]) for row in rows if row["state"] in _MARKS)
    ends = sorted(end for _, end in up)
    outages = tuple(Outage(begin, end, _why(begin, ends, marks)) for begin, end in gaps)
    return Controller(total(both(up, whole)), total(gaps), outages)


def transmitter(
    rows: Sequence[Row], ups: Sequence[Row], faults: Sequence[Row], measured: Span, alive_until: float
) -> Transmitter:
    """Return the transmitter's figures; ``ups`` are the controller's rows."""
    whole = [measured]
    up = both(_spans(ups, ("up",), alive_until), whole)
    on = both(_spans(rows, ("on",), alive_until), whole)
    off = without(both(_spans(rows, ("off",), alive_until), whole), on)
    ill = [
        (float(row["raised_at"]), float(row["cleared_at"] or alive_until), Sentence.from_json(row["sentence"]))
        for row in faults
        if row["kind"] in TRANSMITTER_FAULTS
    ]
    available = without(both(up, union(on, off)), [(begin, end) for begin, end, _ in ill])
    outages = tuple(
        Outage(begin, end, next((why for b, e, why in ill if b < end and begin < e), NO_ANSWER))
        for begin, end in without(up, available)
    )
    unknown = without(whole, union(on, off))
    return Transmitter(total(on), total(off), total(unknown), total(available), outages)


def cluster(number: int, rows: Sequence[Row], measured: Span, alive_until: float) -> ClusterHours:
    """Return one cluster's figures."""
    opened = both(_spans(rows, ("open",), alive_until), [measured])
    known = both(_spans(rows, ("open", "closed"), alive_until), [measured])
    return ClusterHours(number, _openings(rows, measured), total(opened), measured[1] - measured[0] - total(known))


def _openings(rows: Sequence[Row], measured: Span) -> int:
    """Count them in the order in which they were written; "open" after "open" goes on: only the clock was set."""
    written = sorted(rows, key=lambda row: int(row["id"]))
    return sum(
        row["state"] == "open"
        and (before is None or before["state"] != "open")
        and measured[0] <= row["from_at"] < measured[1]
        for before, row in zip([None, *written], written, strict=False)
    )


def _spans(rows: Iterable[Row], states: Sequence[str], alive_until: float) -> list[Span]:
    """An interval that is open still goes on until the last sign of life."""
    return union(
        (row["from_at"], alive_until if row["until_at"] is None else row["until_at"])
        for row in rows
        if row["state"] in states
    )


def _why(begin: float, ends: Sequence[float], marks: Sequence[tuple[float, int]]) -> Sentence:
    """Return the cause of a gap by what came last before it, which may lie before the period."""
    marked = max((mark for mark in marks if mark[0] <= begin + _SAME_S), default=None)
    ended = max((end for end in ends if end <= begin), default=None)
    if marked is None or (ended is not None and marked[0] < ended - _SAME_S):
        return CRASHED
    return _CAUSES[marked[1]]
