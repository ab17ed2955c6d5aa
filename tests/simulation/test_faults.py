from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.errors import UsageError
from broadcaster.simulation.faults import FAULTS, checked, spoilt


def test_none_is_no_fault() -> None:
    assert checked(["none"]) == checked([]) == frozenset()
    assert checked(FAULTS) == set(FAULTS)


def test_an_unknown_fault_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match=r"tired.*power-loss"):
        checked(["silent", "tired"])


@pytest.mark.parametrize(
    ("faults", "left"),
    [
        (set(), b"ABCD"),
        ({"stuck", "slow"}, b"ABCD"),
        ({"silent", "noise"}, b""),
        ({"stale"}, b"abcd"),
        ({"garbled"}, b"AB\x16D"),
        ({"noise"}, b"\xf0\x0f\xaaABCD"),
        ({"partial"}, b"AB"),
        ({"stale", "partial"}, b"ab"),
    ],
)
def test_what_is_left_of_an_answer(faults: set[str], left: bytes) -> None:
    assert spoilt(b"ABCD", b"abcd", faults) == left


@given(st.binary(min_size=1), st.sampled_from(["silent", "garbled", "noise", "partial"]))
def test_no_answer_comes_through_whole(reply: bytes, fault: str) -> None:
    assert spoilt(reply, b"", {fault}) != reply


@given(st.sets(st.sampled_from(FAULTS)))
def test_without_an_answer_before_nothing_breaks(faults: set[str]) -> None:
    assert len(spoilt(b"A", b"", faults)) <= 4
