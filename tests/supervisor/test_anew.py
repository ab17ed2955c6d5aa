from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcaster.config.loading import load
from broadcaster.config.settings import Settings
from broadcaster.control.server import ControlServer
from broadcaster.errors import ConfigurationError
from broadcaster.home import Home
from broadcaster.supervisor import anew
from broadcaster.supervisor.anew import Anew
from broadcaster.words import Sentence
from tests.config.test_loading import EXAMPLE

STATUS: dict[str, object] = {"calm_s": None}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setattr(anew, "_LET_ANSWERS_OUT_S", 0)
    made = Home(tmp_path).make()
    server = ControlServer(made.control_socket, {"status": lambda _: STATUS})
    yield made
    server.close()


def settings() -> Settings:
    return load(EXAMPLE)


@pytest.mark.parametrize(("calm_s", "begins"), [(None, True), (3600, True), (29, False), (0, False)])
def test_it_begins_anew_only_when_nothing_is_to_be_done(calm_s: float | None, begins: bool, home: Home) -> None:
    STATUS["calm_s"] = calm_s
    one = Anew(home, settings)
    assert one.look() is None  # nobody has asked
    one.ask()
    assert (one.look() is not None) is begins
    assert one.look() is None


def test_a_configuration_with_faults_leaves_the_old_one(home: Home) -> None:
    def faulty() -> Settings:
        raise ConfigurationError([Sentence("no")])

    STATUS["calm_s"] = None
    one = Anew(home, faulty)
    one.ask()
    assert one.look() is None


def test_without_a_daemon_it_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anew, "_LET_ANSWERS_OUT_S", 0)
    one = Anew(Home(tmp_path).make(), settings)
    one.ask()
    assert one.look() is None
