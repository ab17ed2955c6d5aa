from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcaster.config.loading import load
from broadcaster.config.settings import Settings
from broadcaster.control.messages import Message
from broadcaster.control.server import ControlServer
from broadcaster.errors import ConfigurationError
from broadcaster.home import Home
from broadcaster.supervisor import anew
from broadcaster.supervisor.anew import Anew
from broadcaster.words import Sentence
from tests.config.test_loading import EXAMPLE

ANSWER: dict[str, object] = {}
ASKED: list[object] = []


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setattr(anew, "_LET_ANSWERS_OUT_S", 0)
    ASKED.clear()
    made = Home(tmp_path).make()

    def decide(request: Message) -> Message:
        ASKED.append(request)
        return ANSWER

    server = ControlServer(made.control_socket, {"end if calm": decide})
    yield made
    server.close()


def settings() -> Settings:
    return load(EXAMPLE)


@pytest.mark.parametrize("ends", [True, False])
def test_it_begins_anew_only_when_the_daemon_ends_for_it(ends: bool, home: Home) -> None:
    ANSWER["ends"] = ends
    one = Anew(home, settings)
    assert one.look() is None  # nobody has asked
    one.ask()
    assert (one.look() is not None) is ends
    assert one.look() is None
    assert len(ASKED) == 1


def test_a_configuration_with_faults_leaves_the_old_one_and_the_daemon_alone(home: Home) -> None:
    def faulty() -> Settings:
        raise ConfigurationError([Sentence("no")])

    one = Anew(home, faulty)
    one.ask()
    assert one.look() is None
    assert not ASKED


def test_without_a_daemon_it_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anew, "_LET_ANSWERS_OUT_S", 0)
    one = Anew(Home(tmp_path).make(), settings)
    one.ask()
    assert one.look() is None
