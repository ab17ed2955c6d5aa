from __future__ import annotations

from pathlib import Path

import pytest

from broadcaster.devices.zones import CONTACT_S, ZoneEncoder
from broadcaster.errors import ReadBackError
from broadcaster.model.cluster import Call, Reach
from broadcaster.simulation.relay_board import RelayBoard
from tests.devices.plant import plant, sound

CALLS = [Call(Reach.CLUSTER, str(channel), frozenset([channel])) for channel in (2, 3, 4)]


def test_a_contact_that_sticks_does_not_stop_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with plant("relays", tmp_path) as one:
        board, encoder = one.board, one.hardware.encoder()
        assert isinstance(board, RelayBoard)
        assert isinstance(encoder, ZoneEncoder)
        obey = board._set
        monkeypatch.setattr(board, "_set", lambda coil, on: None if coil == 2 else obey(coil, on))
        with pytest.raises(ReadBackError, match="Relay 3"):
            sound(encoder.open(CALLS))
        assert [board.coils[channel - 1] for channel in (2, 3, 4)] == [True, False, True]


def test_it_takes_as_long_as_it_says(tmp_path: Path) -> None:
    with plant("relays", tmp_path) as one:
        encoder = one.hardware.encoder()
        assert encoder.seconds(CALLS) == pytest.approx(3 * CONTACT_S)
        assert sound(encoder.open(CALLS)) * 0.02 > 2.9 * CONTACT_S
