"""Stretches of time as (begin, end) in Unix seconds. Sets of them come back sorted; those that touch are one."""

from __future__ import annotations

from collections.abc import Iterable

Span = tuple[float, float]


def union(*sets: Iterable[Span]) -> list[Span]:
    """Return what any of them covers; what ends before it begins (a clock was set back) covers nothing."""
    merged: list[Span] = []
    for begin, end in sorted(span for spans in sets for span in spans if span[1] > span[0]):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((begin, end))
    return merged


def both(one: Iterable[Span], other: Iterable[Span]) -> list[Span]:
    """Return what both cover."""
    mine, others, found = union(one), union(other), list[Span]()
    here = there = 0
    while here < len(mine) and there < len(others):  # side by side: a year has some ten thousand
        begin, end = max(mine[here][0], others[there][0]), min(mine[here][1], others[there][1])
        if begin < end:
            found.append((begin, end))
        if mine[here][1] < others[there][1]:
            here += 1
        else:
            there += 1
    return found


def without(one: Iterable[Span], other: Iterable[Span]) -> list[Span]:
    """Return what ``one`` covers and ``other`` does not."""
    gone = union(other)
    edges = [float("-inf"), *(edge for span in gone for edge in span), float("inf")]
    rest = zip(edges[::2], edges[1::2], strict=True)
    return both(one, rest)


def total(spans: Iterable[Span]) -> float:
    """Return the seconds that they cover."""
    return sum(end - begin for begin, end in union(spans))
