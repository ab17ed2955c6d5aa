from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from broadcaster.config.loading import settings_of
from broadcaster.errors import InputError
from broadcaster.home import Home
from broadcaster.simulation.receiver import Receiver
from broadcaster.sound.off_air.card_receiver import CardReceiver
from broadcaster.sound.off_air.receivers import SimulatedReceiver, receiver

CHUNK = bytes(960)


def test_the_simulated_receiver_is_heard_and_found_again(tmp_path: Path) -> None:
    path = tmp_path / "receiver.sock"
    with closing(Receiver(path)) as there, closing(SimulatedReceiver(path)) as ear:
        assert ear.take() == b""
        for _ in range(40):
            there.hear(CHUNK, False)
        assert len(ear.take()) >= 20 * len(CHUNK)
        there.faults = frozenset(["gone"])
        for _ in range(20):
            there.hear(CHUNK, False)
        with pytest.raises(InputError, match="does not answer"):
            ear.take()
        there.faults = frozenset()
        ear.take()
        for _ in range(40):
            there.hear(CHUNK, False)
        assert ear.take()


def test_where_no_simulated_receiver_is(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not answer"):
        SimulatedReceiver(tmp_path / "receiver.sock").take()


def test_a_card_is_heard() -> None:
    with closing(CardReceiver(null=True)) as ear:
        heard = b""
        while len(heard) < 9600:  # the null device runs at the pace of a card
            heard += ear.take()
        assert set(heard) == {0}


def test_a_card_that_is_not_there_is_told_by_name() -> None:
    with pytest.raises(InputError, match="“no such card” is not there"):
        CardReceiver("no such card").take()


@pytest.mark.parametrize(
    ("source", "kind"), [("", type(None)), ("simulated", SimulatedReceiver), ("card", CardReceiver)]
)
def test_the_configuration_names_it(source: str, kind: type, tmp_path: Path) -> None:
    settings = settings_of(
        {
            "station": {"name": "Đài"},
            "monitor": {"input": source},
            "cluster": [{"number": 1, "name": "Một", "code": "01"}],
        }
    )
    assert isinstance(receiver(settings, Home(tmp_path)), kind)
