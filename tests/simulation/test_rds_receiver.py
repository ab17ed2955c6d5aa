"""Receivers at the edge of reception: wrong groups that pass RDS's own check, and groups that are lost."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest

from broadcaster.config.encoders import UecpSettings
from broadcaster.devices.rds_group import call_group
from broadcaster.simulation.rds_encoder import Blocks
from broadcaster.simulation.rds_receiver import RdsReceiver

SETTINGS = UecpSettings()
PI, OPEN = 0x1A01, 1
CLUSTERS = range(1, 11)


def call(cluster: int, counter: int = 1) -> Blocks:
    """Return the group that opens a cluster, as it is on the air."""
    group = call_group(SETTINGS, address=cluster, action=OPEN, level=0, counter=counter)
    return (PI, group.second, group.third, group.fourth)


def opened(groups: Iterable[Blocks]) -> set[int]:
    """Return the clusters that these groups open."""
    receiver = RdsReceiver(SETTINGS)
    calls = (receiver.feed(group) for group in groups)
    return {one[0] for one in calls if one is not None and one[1] == OPEN}


def test_a_hundred_thousand_wrong_groups_open_nothing() -> None:
    """Each has one to four wrong blocks whose checkwords fit: RDS itself notices nothing. Some come twice."""
    rng = random.Random(57)

    def wrong() -> Blocks:
        blocks = list(call(rng.choice(CLUSTERS), rng.randrange(64)))
        for place in rng.sample(range(4), rng.randint(1, 4)):
            error = rng.randint(1, 0xFFFF) if rng.random() < 0.5 else 1 << rng.randrange(16) | 1 << rng.randrange(16)
            blocks[place] ^= error & 0x001F if place == 1 else error
        return (blocks[0], blocks[1], blocks[2], blocks[3])

    def stream() -> Iterable[Blocks]:
        for _ in range(100_000):
            group = wrong()
            yield group
            if rng.random() < 0.01:
                yield group

    right = {call(cluster, counter)[1:] for cluster in CLUSTERS for counter in range(64)}
    assert opened(group for group in stream() if group[1:] not in right) == set()


def test_without_its_own_check_the_payload_would_be_believed() -> None:
    """What the check is for: one wrong bit names another cluster."""
    first, second, third, fourth = call(2)
    for bit in range(16):
        spoilt = (first, second, third ^ 1 << bit, fourth)
        assert opened([spoilt, spoilt]) == set()
    assert opened([call(2), call(2)]) == {2}


@pytest.mark.parametrize("count", [0, 1])
def test_once_is_not_enough(count: int) -> None:
    assert opened([call(2)] * count) == set()


@pytest.mark.parametrize("lost", range(1, 11))
def test_no_gap_of_ten_groups_costs_a_cluster_when_rounds_are_whole(lost: int) -> None:
    """An encoder that was told too fast drops what follows each other; in rounds that is another cluster each."""
    rounds = [call(cluster) for _ in range(3) for cluster in CLUSTERS]
    for start in range(len(rounds) - lost + 1):
        assert opened(rounds[:start] + rounds[start + lost :]) == set(CLUSTERS)


def test_three_times_each_would_lose_clusters_in_the_same_gap() -> None:
    row = [call(cluster) for cluster in CLUSTERS for _ in range(3)]
    assert opened(row[6:]) < set(CLUSTERS)


@pytest.mark.parametrize(("lost_of_30", "spoilt_of_30"), [(0, 2), (6, 0), (6, 2)])
def test_the_default_repeats_open_all_ten_at_the_edge_of_reception(lost_of_30: int, spoilt_of_30: int) -> None:
    """Up to 6 of 30 groups lost, 2 wrong: in a call's rounds all ten open mostly, with the next keep-alive surely."""
    rng = random.Random(lost_of_30)

    def air(counter: int) -> Iterable[Blocks]:
        for group in [call(cluster, counter) for _ in range(SETTINGS.repeats) for cluster in CLUSTERS]:
            fate = rng.randrange(30)
            if fate >= lost_of_30 + spoilt_of_30:
                yield group
            elif fate >= lost_of_30:
                yield (group[0], group[1], group[2] ^ rng.randint(1, 0xFFFF), group[3])

    trials = [(opened(air(1)), opened(air(2))) for _ in range(500)]
    whole = sum(first == set(CLUSTERS) for first, _ in trials) / len(trials)
    assert whole > (0.99 if not lost_of_30 else 0.8)
    assert sum(first | second == set(CLUSTERS) for first, second in trials) / len(trials) > 0.99
