from __future__ import annotations

import threading

import pytest

from broadcaster.clock import SystemClock
from broadcaster.devices.keys import RelayKey
from broadcaster.devices.transmitter import KeyedTransmitter
from broadcaster.errors import DeviceError
from tests.devices.conftest import Bench

LONG = 100.0


class Watch:
    """Sees what the time-out does."""

    def __init__(self, bench: Bench, time_out_s: float) -> None:
        self.gave_up, self.told = threading.Event(), threading.Event()
        self.transmitter = KeyedTransmitter(
            RelayKey(bench.board, 1),
            RelayKey(bench.urgent, 1),
            time_out_s=time_out_s,
            clock=SystemClock(),
            give_up=self.gave_up.set,
            timed_out=self.told.set,
        )


def test_key_and_unkey_are_read_back(bench: Bench) -> None:
    transmitter = Watch(bench, LONG).transmitter
    transmitter.key()
    assert (transmitter.read(), bench.model.coils[0]) == (True, True)
    transmitter.unkey()
    transmitter.unkey()
    assert (transmitter.read(), bench.model.coils[0]) == (False, False)


def test_after_a_failure_the_state_is_unknown(bench: Bench) -> None:
    transmitter = Watch(bench, LONG).transmitter
    transmitter.key()
    bench.line.set_faults(["stuck"])
    with pytest.raises(DeviceError):
        transmitter.unkey()
    assert transmitter.read() is None
    bench.line.set_faults([])
    transmitter.unkey()
    assert transmitter.read() is False


def test_the_time_out_drops_the_carrier_and_tells(bench: Bench) -> None:
    watch = Watch(bench, 0.05)
    watch.transmitter.key()
    assert watch.told.wait(5)
    assert not bench.model.coils[0]
    assert not watch.gave_up.is_set()


def test_a_time_out_that_cannot_reach_the_board_gives_up(bench: Bench) -> None:
    watch = Watch(bench, 0.2)
    watch.transmitter.key()
    bench.line.set_faults(["silent"])
    assert watch.gave_up.wait(5)


def test_a_lost_answer_to_the_key_command_does_not_outlive_the_time_out(bench: Bench) -> None:
    """The board keys and nobody hears of it: the limit runs all the same."""
    watch = Watch(bench, 1.0)
    bench.line.set_faults(["silent"])
    with pytest.raises(DeviceError):
        watch.transmitter.key()
    assert bench.model.coils[0]
    bench.line.set_faults([])
    assert watch.told.wait(5)
    assert not bench.model.coils[0]


def test_rearming_puts_the_time_out_off_and_unkeying_ends_it(bench: Bench) -> None:
    watch = Watch(bench, 0.4)
    watch.transmitter.key()
    for _ in range(4):
        assert not watch.told.wait(0.2)
        watch.transmitter.rearm()
    watch.transmitter.unkey()
    assert not watch.told.wait(0.6)
