from __future__ import annotations

import pytest

from broadcaster.devices.debounce import Debounce

Looks = list[str]


def told(looks: Looks) -> tuple[list[list[int]], str]:
    """Return what changed at each turn, and how the contacts stand in the end; ``1`` is a closed one."""
    debounce, left = Debounce(), [[letter == "1" for letter in look] for look in looks]
    changes = []
    while left:
        changes.append(debounce.take(lambda: left.pop(0)))
    return changes, "".join("1" if state else "0" for state in debounce.states or ())


@pytest.mark.parametrize(
    ("looks", "changes", "end"),
    [
        (["01", "01"], [[0, 1]], "01"),  # the first time everything is new
        (["00", "00", "00", "00"], [[0, 1], [], []], "00"),
        (["00", "00", "10", "10"], [[0, 1], [0]], "10"),
        (["00", "00", "10", "00"], [[0, 1], []], "00"),  # it bounced
        (["00", "00", "10", "01", "01", "01"], [[0, 1], [], [1]], "01"),
        (["00", "00", "11", "10", "11", "11"], [[0, 1], [0], [1]], "11"),
    ],
)
def test_two_looks_in_a_row_make_a_state(looks: Looks, changes: list[list[int]], end: str) -> None:
    assert told(looks) == (changes, end)


def test_a_first_look_that_bounces_decides_nothing() -> None:
    debounce, looks = Debounce(), [[True], [False]]
    assert debounce.take(lambda: looks.pop(0)) == []
    assert debounce.states is None
