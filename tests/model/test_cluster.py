from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.errors import UsageError
from broadcaster.model.cluster import Cluster, Group, Network, Reach

NETWORK = Network(
    tuple(Cluster(n, f"Thôn {n}", f"{n:02}") for n in range(1, 7)),
    (
        Group("bac", "91", frozenset([1, 2, 3])),
        Group("nam", "92", frozenset([3, 4])),
        Group("le", "93", frozenset([6])),
    ),
)


def test_everyone_is_one_call() -> None:
    (call,) = NETWORK.calls(NETWORK.numbers)
    assert call.reach is Reach.ALL


def test_without_all_call_everyone_is_groups_and_singles() -> None:
    network = Network(NETWORK.clusters, NETWORK.groups, all_call=False)
    assert [c.code for c in network.calls(network.numbers)] == ["91", "04", "05", "06"]


@given(st.sets(st.integers(1, 6), min_size=1))
def test_calls_reach_exactly_the_target_and_no_fewer_could(wanted: set[int]) -> None:
    calls = NETWORK.calls(wanted)
    assert frozenset().union(*(call.members for call in calls)) == wanted
    everything = [frozenset([n]) for n in NETWORK.numbers] + [g.members for g in NETWORK.groups] + [NETWORK.numbers]
    fewest = min(
        count
        for count in range(1, 7)
        for chosen in combinations(everything, count)
        if frozenset().union(*chosen) == wanted
    )
    assert len(calls) == fewest


def test_closing_uses_the_all_call_since_too_much_is_safe() -> None:
    assert [c.reach for c in NETWORK.closing_calls({2, 5})] == [Reach.ALL]
    assert NETWORK.closing_calls(()) == ()


def test_unknown_number_is_an_error() -> None:
    with pytest.raises(KeyError):
        NETWORK.calls({7})


@pytest.mark.parametrize(
    ("numbers", "group", "says"),
    [((), "", "Say where"), ((2, 77), "", "no cluster 77"), ((), "nope", "No group is called nope")],
)
def test_a_target_that_is_none_is_refused_in_a_sentence(numbers: tuple[int, ...], group: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        NETWORK.target(numbers, group=group)


def test_targets() -> None:
    assert NETWORK.target((2, 3)) == {2, 3}
    assert NETWORK.target((), group="nam") == {3, 4}
    assert NETWORK.target((), everyone=True) == NETWORK.numbers
