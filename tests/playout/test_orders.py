from __future__ import annotations

import threading
from contextlib import suppress

import pytest

from broadcaster.errors import RefusedError
from broadcaster.model.broadcast import Broadcast
from broadcaster.model.priority import Priority
from broadcaster.playout.orders import CarrierLostError, Cut, Orders
from broadcaster.playout.programme import Item, Repeat
from broadcaster.words import Sentence

WHY = Sentence("because")


class NoSound:
    seconds = 0.0
    ended_early = None

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(())


def item(title: str, priority: Priority = Priority.ROUTINE) -> Item:
    repeat = Repeat(1, 60) if priority is Priority.EMERGENCY else None
    return Item(Broadcast(title, title, frozenset([1]), priority), NoSound(), repeat)


ROUTINE, SECOND = item("routine"), item("second")
PRIORITY = item("priority", Priority.PRIORITY)
EMERGENCY, OTHER = item("emergency", Priority.EMERGENCY), item("other", Priority.EMERGENCY)


def test_higher_class_first_then_order_of_arrival() -> None:
    orders = Orders()
    for one in (ROUTINE, SECOND, EMERGENCY, PRIORITY):
        orders.submit(one)
    assert [orders.take(0) for _ in range(5)] == [EMERGENCY, PRIORITY, ROUTINE, SECOND, None]


@pytest.mark.parametrize(
    ("current", "newcomer", "cuts"),
    [
        (ROUTINE, SECOND, False),
        (ROUTINE, PRIORITY, True),
        (ROUTINE, EMERGENCY, True),
        (PRIORITY, ROUTINE, False),
        (PRIORITY, EMERGENCY, True),
        (EMERGENCY, PRIORITY, False),
        (EMERGENCY, OTHER, True),  # a new emergency replaces the one that sounds
        (None, EMERGENCY, True),  # while recovering
        (None, PRIORITY, False),
    ],
)
def test_who_cuts_whom(current: Item | None, newcomer: Item, cuts: bool) -> None:
    orders = Orders()
    orders.submit(newcomer)
    if not cuts:
        orders.obey(current)
        return
    with pytest.raises(Cut) as cut:
        orders.obey(current)
    assert cut.value.item is newcomer
    orders.obey(current)  # taken: it does not cut twice


def test_an_item_whose_time_has_not_come_cuts_nothing() -> None:
    orders = Orders()
    orders.ready = lambda _: False
    orders.submit(PRIORITY)
    orders.obey(ROUTINE)
    assert orders.take(0) is None
    orders.ready = lambda _: True
    with pytest.raises(Cut):
        orders.obey(ROUTINE)


def test_stop_ends_what_is_on_air_and_only_that() -> None:
    orders = Orders()
    orders.stop(WHY)
    with pytest.raises(Cut) as cut:
        orders.obey(EMERGENCY)
    assert cut.value.item is None
    orders.obey(EMERGENCY)


def test_a_stop_that_found_nothing_on_air_is_forgotten() -> None:
    orders = Orders()
    orders.stop(WHY)
    orders.submit(ROUTINE)
    assert orders.take(0) is ROUTINE
    orders.obey(ROUTINE)


def test_while_closing_only_something_higher_cuts_in() -> None:
    orders = Orders()
    orders.stop(WHY)
    orders.obey(ROUTINE, only_higher=True)
    orders.submit(EMERGENCY)
    with pytest.raises(Cut):
        orders.obey(ROUTINE, only_higher=True)


def test_without_supervisor_an_emergency_goes_on_and_a_routine_ends() -> None:
    orders = Orders()
    orders.finish(WHY, emergency_too=False)
    orders.obey(EMERGENCY)
    with pytest.raises(Cut):
        orders.obey(ROUTINE)
    orders.submit(OTHER)
    assert not orders.done()
    orders.take(0)
    assert orders.done()


def test_switching_off_ends_an_emergency_too() -> None:
    orders = Orders()
    orders.finish(WHY, emergency_too=True)
    with pytest.raises(Cut):
        orders.obey(EMERGENCY)


def test_a_lost_carrier_is_told_once() -> None:
    orders = Orders()
    orders.carrier_lost()
    with pytest.raises(CarrierLostError):
        orders.obey(ROUTINE)
    orders.obey(ROUTINE)


def test_every_order_wakes_the_output() -> None:
    orders, woken = Orders(), []
    orders.wake = lambda: woken.append(True)
    orders.submit(ROUTINE)
    orders.stop(WHY)
    orders.withdraw(lambda _: True)
    assert len(woken) == 3


def test_a_stop_is_not_meant_for_what_comes_after_it() -> None:
    """Pressed twice: the second falls into the closing, and must not end the emergency that cuts in there."""
    orders = Orders()
    orders.stop(WHY)
    orders.obey(ROUTINE, only_higher=True)
    orders.submit(EMERGENCY)
    with pytest.raises(Cut):
        orders.obey(ROUTINE, only_higher=True)
    assert orders.in_hand is EMERGENCY
    orders.obey(EMERGENCY)


def test_while_held_only_an_emergency_begins_or_cuts_in() -> None:
    orders = Orders()
    with orders.hold():
        orders.submit(PRIORITY)
        assert orders.take(0) is None
        orders.obey(ROUTINE)
        orders.submit(EMERGENCY)
        assert orders.take(0) is EMERGENCY
    assert orders.take(0) is PRIORITY


def test_what_the_rules_forbid_does_not_take_over_and_an_emergency_does() -> None:
    orders = Orders()
    orders.may_cut = lambda _: False
    orders.submit(PRIORITY)
    orders.obey(ROUTINE)
    assert orders.waiting() == [PRIORITY]
    orders.submit(EMERGENCY)
    with pytest.raises(Cut) as cut:
        orders.obey(ROUTINE)
    assert cut.value.item is EMERGENCY


def test_it_ends_for_a_beginning_anew_only_when_nothing_sounds_or_waits() -> None:
    orders = Orders()
    orders.submit(EMERGENCY)
    assert not orders.finish_if_idle(WHY)
    orders.take(0)
    assert not orders.finish_if_idle(WHY)  # in hand
    orders.take(0)
    assert orders.finish_if_idle(WHY)
    assert orders.done()


def test_an_emergency_after_the_end_is_refused_and_not_left_waiting() -> None:
    orders = Orders()
    orders.finish_if_idle(WHY)
    with pytest.raises(RefusedError, match="press again"):
        orders.submit(EMERGENCY)
    assert not orders.waiting()


def test_an_emergency_and_a_beginning_anew_never_both_get_a_yes() -> None:
    for _ in range(200):
        said: list[str] = []
        orders, start = Orders(), threading.Barrier(2)

        def press(orders: Orders = orders, start: threading.Barrier = start, said: list[str] = said) -> None:
            start.wait()
            with suppress(RefusedError):
                orders.submit(EMERGENCY)
                said.append("sounds")

        finger = threading.Thread(target=press)
        finger.start()
        start.wait()
        if orders.finish_if_idle(WHY):
            said.append("ends")
        finger.join()
        assert len(said) == 1


def test_a_stop_that_was_meant_for_another_item_ends_nothing() -> None:
    orders = Orders()
    orders.submit(ROUTINE)
    orders.take(0)
    assert not orders.stop(WHY, SECOND)
    orders.obey(ROUTINE)
    assert orders.stop(WHY, ROUTINE)
    with pytest.raises(Cut):
        orders.obey(ROUTINE)


def test_a_cluster_is_silenced_in_the_bulletin_that_was_meant_and_never_in_an_emergency() -> None:
    orders = Orders()
    orders.submit(ROUTINE)
    orders.take(0)
    assert orders.mute(4, ROUTINE)
    orders.submit(EMERGENCY)
    with pytest.raises(Cut):
        orders.obey(ROUTINE)
    assert not orders.mute(4, ROUTINE)
    assert not orders.mute(4, EMERGENCY)
    assert orders.muted == frozenset()
