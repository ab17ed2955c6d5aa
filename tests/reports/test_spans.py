from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from broadcaster.reports.spans import Span, both, total, union, without

END = 60
spans = st.lists(st.tuples(st.integers(0, END), st.integers(0, END)), max_size=8)


def cells(those: list[Span]) -> set[int]:
    """The same, told by counting: every whole second that is covered."""
    return {second for begin, end in those for second in range(int(begin), int(end))}


@given(spans, spans)
def test_as_counted_second_by_second(one: list[Span], other: list[Span]) -> None:
    assert cells(union(one, other)) == cells(one) | cells(other)
    assert cells(both(one, other)) == cells(one) & cells(other)
    assert cells(without(one, other)) == cells(one) - cells(other)
    assert total(one) == len(cells(one))


@given(spans)
def test_sorted_and_apart(one: list[Span]) -> None:
    merged = union(one)
    assert all(a[1] < b[0] for a, b in pairwise(merged))
    assert union(merged) == merged
