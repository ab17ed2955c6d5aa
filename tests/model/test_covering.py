from __future__ import annotations

import random
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.model.covering import fewest

MEMBERS = st.frozensets(st.integers(1, 10), max_size=10)


def _codes(sets: tuple[frozenset[int], ...], chosen: tuple[int, ...], target: frozenset[int]) -> int:
    covered = frozenset[int]().union(*(sets[index] for index in chosen))
    assert covered <= target, "a cluster that nobody asked for"
    return len(chosen) + len(target - covered)


@given(st.lists(MEMBERS, max_size=8).map(tuple), MEMBERS)
def test_as_few_as_trying_every_choice(sets: tuple[frozenset[int], ...], target: frozenset[int]) -> None:
    within = [index for index, one in enumerate(sets) if one <= target]
    every = (choice for count in range(len(within) + 1) for choice in combinations(within, count))
    assert _codes(sets, fewest(sets, target), target) == min(_codes(sets, choice, target) for choice in every)


@given(st.lists(MEMBERS, max_size=8).map(tuple), MEMBERS)
def test_no_set_that_saves_nothing(sets: tuple[frozenset[int], ...], target: frozenset[int]) -> None:
    chosen = fewest(sets, target)
    for one in chosen:
        others = tuple(index for index in chosen if index != one)
        assert _codes(sets, others, target) > _codes(sets, chosen, target)


def test_the_greedy_choice_is_not_always_the_best() -> None:
    sets = tuple(map(frozenset, ([1, 2, 3, 4], [1, 2, 5], [3, 4, 6])))
    assert fewest(sets, frozenset(range(1, 7))) == (1, 2)


@pytest.mark.parametrize("overlap", [0, 1, 3])
def test_a_district_of_256_clusters_is_compiled_at_once(overlap: int) -> None:
    villages = tuple(frozenset(range(first, first + 8 + overlap)) for first in range(1, 250, 8))
    everyone = frozenset[int]().union(*villages)
    chosen = fewest(villages, everyone)
    assert len(chosen) <= 32
    assert frozenset[int]().union(*(villages[index] for index in chosen)) == everyone


def test_groups_at_random_end_in_a_cover_too() -> None:
    rng = random.Random(1)
    sets = tuple(frozenset(rng.sample(range(256), 12)) for _ in range(200))
    chosen = fewest(sets, frozenset(range(256)))
    assert _codes(sets, chosen, frozenset(range(256))) < 100
