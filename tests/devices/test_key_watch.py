from __future__ import annotations

import pytest

from broadcaster.clock import SystemClock
from broadcaster.devices.key_watch import EVERY_S, IDLE_S, KeyWatch
from broadcaster.devices.keys import HELD_S, RelayKey
from broadcaster.devices.transmitter import KeyedTransmitter
from tests.clock import HandClock
from tests.devices.conftest import Bench


class Watched:
    """A transmitter on the simulated board, and what the watch over its key tells."""

    def __init__(self, bench: Bench, *, timed: bool = False) -> None:
        self.bench = bench
        self.told: list[str] = []
        self.alive = True
        self.clock = HandClock()
        key, urgent = RelayKey(bench.board, 1, timed=timed), RelayKey(bench.urgent, 1)
        self.transmitter = KeyedTransmitter(
            key, urgent, time_out_s=100, clock=SystemClock(), give_up=lambda: None, timed_out=lambda: None
        )
        self.watch = KeyWatch(
            self.transmitter,
            held_s=key.held_s,
            alive=lambda: self.alive,
            trouble=lambda _: self.told.append("trouble"),
            well=lambda: self.told.append("well"),
            lost=lambda: self.told.append("lost"),
            stray=lambda: self.told.append("stray"),
            clock=self.clock,
        )

    def look(self) -> str:
        """Look once; return what was told of it."""
        self.told.clear()
        self.pause_s = self.watch.look()
        return " ".join(self.told)


def test_a_quiet_key_is_looked_at_now_and_then_a_keyed_one_more_often(bench: Bench) -> None:
    one = Watched(bench)
    one.transmitter.unkey()
    assert (one.look(), one.pause_s) == ("well", IDLE_S)
    one.transmitter.key()
    assert (one.look(), one.pause_s) == ("well", EVERY_S)


def test_a_key_that_let_go_and_one_that_nobody_pressed(bench: Bench) -> None:
    one = Watched(bench)
    one.transmitter.key()
    bench.model.power_off()
    assert one.look() == "well lost"
    one.transmitter.unkey()
    bench.board.switch(1, True)
    assert one.look() == "well stray"


def test_a_cable_that_is_out_is_told_and_that_it_is_back(bench: Bench) -> None:
    one = Watched(bench)
    one.transmitter.key()
    bench.line.set_faults(["unplugged"])
    pauses = []
    for _ in range(6):
        assert one.look() == "trouble"
        pauses.append(one.pause_s)
    assert pauses == sorted(pauses)
    assert pauses[-1] == 4.0
    bench.line.set_faults([])
    assert (one.look(), one.pause_s) == ("well", EVERY_S)


def test_a_timed_contact_is_held_while_playout_gets_on_and_no_longer(bench: Bench) -> None:
    one = Watched(bench, timed=True)
    one.transmitter.key()
    first = bench.model.next_due
    assert first is not None
    one.look()
    held = bench.model.next_due
    assert held is not None
    assert held > first
    one.alive = False
    one.look()
    assert bench.model.next_due == held


def test_a_timed_contact_out_of_reach_is_lost_once_the_board_has_let_go(bench: Bench) -> None:
    one = Watched(bench, timed=True)
    one.transmitter.key()
    bench.line.set_faults(["unplugged"])
    assert one.look() == "trouble"
    one.clock.pass_(3)
    assert one.look() == "trouble lost"


@pytest.mark.parametrize("timed", [False, True])
def test_what_was_let_go_is_not_held_anew(timed: bool, bench: Bench) -> None:
    one = Watched(bench, timed=timed)
    one.transmitter.key()
    one.transmitter.unkey()
    one.look()
    assert not bench.model.coils[0]
    assert bench.model.next_due is None


def test_a_stray_key_is_told_and_not_held(bench: Bench) -> None:
    one = Watched(bench, timed=True)
    one.transmitter.unkey()
    bench.board.switch(1, True)
    assert one.look() == "well stray"
    assert bench.model.next_due is None


def test_a_contact_that_the_board_let_go_is_not_closed_again(bench: Bench) -> None:
    """Whatever sounded is lost: a carrier that comes back by itself would carry nothing."""
    one = Watched(bench, timed=True)
    one.transmitter.key()
    bench.model.power_off()
    assert one.look() == "well lost"
    assert not bench.model.coils[0]


def test_a_timed_key_is_looked_at_before_its_first_time_is_over(bench: Bench) -> None:
    """However long the way to it was troubled before."""
    one = Watched(bench, timed=True)
    one.transmitter.unkey()
    assert one.look() == "well"
    assert one.pause_s < HELD_S - 1
    bench.line.set_faults(["unplugged"])
    for _ in range(8):
        one.look()
    assert one.pause_s < HELD_S - 1


def test_a_stray_key_is_not_dropped_once_it_is_ours(bench: Bench) -> None:
    one = Watched(bench)
    one.transmitter.key()
    assert one.transmitter.drop_stray() is None
    assert bench.model.coils[0]
