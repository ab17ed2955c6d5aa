from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from broadcaster.config.settings import Settings
from broadcaster.errors import OutputError
from broadcaster.home import Home
from broadcaster.model.pcm import SILENCE
from broadcaster.sockets import listen
from broadcaster.sound.card import SoundCard
from broadcaster.sound.outputs import output
from broadcaster.sound.simulated_air import SimulatedAir


def _settings(**sound: str) -> Settings:
    sections = ("transmitter", "relay_board", "encoder", "rules", "emergency", "live", "web")
    more: dict[str, object] = {name: {} for name in sections}
    return Settings.model_validate({"station": {"name": "Test"}, "sound": sound, "group": (), "cluster": (), **more})


def test_the_simulated_output_leads_to_the_simulator_of_this_home(tmp_path: Path) -> None:
    home = Home(tmp_path).make()
    air = output(_settings(output="simulated"), home)
    assert isinstance(air, SimulatedAir)
    with closing(air), listen(home.run / "air.sock") as simulator:
        assert air.play(SILENCE)
        line, _ = simulator.accept()
        with line:
            assert line.recv(1) == b"B"


def test_the_null_output_needs_no_card(tmp_path: Path) -> None:
    card = output(_settings(output="null"), Home(tmp_path))
    assert isinstance(card, SoundCard)
    with closing(card):
        assert card.play(SILENCE)


def test_a_card_is_looked_up_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="“no such card”"):
        output(_settings(output="card", device="no such card"), Home(tmp_path)).play(SILENCE)
