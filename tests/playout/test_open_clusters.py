from __future__ import annotations

import pytest

from broadcaster.config.encoders import DtmfSettings
from broadcaster.devices.dtmf import DtmfEncoder
from broadcaster.model.cluster import Cluster, Network
from broadcaster.playout.open_clusters import OpenClusters

NETWORK = Network(tuple(Cluster(n, f"Thôn {n}", f"{n:02}") for n in range(1, 5)))


def books() -> tuple[OpenClusters, list[tuple[set[int], str]]]:
    told: list[tuple[set[int], str]] = []
    encoder = DtmfEncoder(DtmfSettings(repeats=1))
    return OpenClusters(NETWORK, encoder, lambda numbers, state: told.append((set(numbers), state))), told


def test_open_only_once_the_whole_code_has_gone_out() -> None:
    clusters, told = books()
    sending = clusters.open(frozenset([2, 3]))
    next(sending)
    assert clusters.missing(frozenset([2, 3])) == {2, 3}
    assert clusters.maybe_open == {2, 3}
    list(sending)
    assert clusters.missing(frozenset([2, 3])) == frozenset()
    assert told == [({2, 3}, "open")]


def test_only_the_missing_ones_are_opened_and_only_the_surplus_closed() -> None:
    clusters, told = books()
    list(clusters.open(frozenset([1, 2])))
    list(clusters.open(frozenset([2, 3])))
    list(clusters.close_except(frozenset([2, 3])))
    assert told == [({1, 2}, "open"), ({3}, "open"), ({1}, "closed")]


@pytest.mark.parametrize(
    ("first", "then", "codes"),
    [({1}, {1, 2, 3, 4}, 1), ({1, 2, 3}, {1, 2, 3, 4}, 1), ({1}, {1, 2, 3}, 2), ({1, 2}, {1, 2}, 0)],
)
def test_what_is_missing_is_opened_by_the_fewest_codes(first: set[int], then: set[int], codes: int) -> None:
    clusters, _ = books()
    list(clusters.open(frozenset(first)))
    before = DtmfEncoder(DtmfSettings(repeats=1)).seconds(NETWORK.calls({1})) * 50
    sent = len(list(clusters.open(frozenset(then))))
    assert round(sent / before) == codes


def test_a_closing_that_was_cut_leaves_them_suspect_and_to_be_opened_anew() -> None:
    clusters, _ = books()
    list(clusters.open(frozenset([1, 2])))
    next(clusters.close_all())
    assert clusters.maybe_open == {1, 2}
    assert clusters.missing(frozenset([1])) == {1}


def test_after_closing_nothing_is_suspect() -> None:
    clusters, told = books()
    clusters.suspect_all()
    list(clusters.close_all())
    assert clusters.maybe_open == frozenset()
    assert told == [({1, 2, 3, 4}, "closed")]


def test_a_forced_drop_leaves_them_unknown() -> None:
    clusters, told = books()
    list(clusters.open(frozenset([1])))
    clusters.lose()
    assert told[-1] == ({1}, "unknown")
