from __future__ import annotations

import pytest

from broadcaster.daemon.faults import FaultRegister
from broadcaster.playout.events import FaultRaised
from broadcaster.words import Sentence


def raised(kind: str, *, latched: bool = False, momentary: bool = False) -> FaultRaised:
    return FaultRaised(kind, Sentence(kind), 1.0, latched, momentary)


def test_a_fault_is_raised_once_and_gone_when_it_is_well() -> None:
    register = FaultRegister()
    assert register.raise_(raised("disk"))
    assert not register.raise_(raised("disk"))
    assert register.clear("disk", 0)
    assert not register.clear("disk", 0)
    assert register.all() == []


@pytest.mark.parametrize(("well", "told"), [(True, ["relay"]), (False, [])])
def test_only_what_came_right_is_said_to_be_well_again(well: bool, told: list[str]) -> None:
    register = FaultRegister()
    register.raise_(raised("relay"))
    assert register.clear("relay", 0, well=well)
    assert [fault.kind for fault, _ in register.recovered] == told
    assert register.all() == []


def test_a_latched_fault_stays_until_a_person_has_seen_it() -> None:
    register = FaultRegister()
    register.raise_(raised("unkey", latched=True))
    assert register.acknowledge() == []  # it is not over: seeing it does not help
    assert register.latched() is not None
    register.clear("unkey", 0)
    assert register.latched() is not None
    assert [fault.kind for fault in register.acknowledge()] == ["unkey"]
    assert register.latched() is None


def test_what_happened_for_a_moment_stays_on_view_and_holds_nothing_back() -> None:
    register = FaultRegister()
    register.raise_(raised("forced-drop", momentary=True))
    assert register.latched() is None
    assert [fault.kind for fault in register.all()] == ["forced-drop"]
    register.acknowledge()
    assert register.all() == []


def test_only_the_kinds_named_are_acknowledged() -> None:
    register = FaultRegister()
    register.raise_(raised("a", momentary=True))
    register.raise_(raised("b", momentary=True))
    assert [fault.kind for fault in register.acknowledge(["b"])] == ["b"]
    assert [fault.kind for fault in register.all()] == ["a"]
