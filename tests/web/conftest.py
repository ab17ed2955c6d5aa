from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from broadcaster.config.encoders import DtmfSettings
from broadcaster.config.loading import load
from broadcaster.config.settings import Settings
from broadcaster.control.server import ControlServer
from broadcaster.daemon.planning import Planning
from broadcaster.devices.dtmf import DtmfEncoder
from broadcaster.errors import RefusedError
from broadcaster.home import Home
from broadcaster.model.broadcast import Broadcast
from broadcaster.model.relay import Relay
from broadcaster.model.roles import Role
from broadcaster.playout.gate import Gate
from broadcaster.storage import approvals, users
from broadcaster.words import Sentence
from web import create_app
from web.station import Station

SETTINGS = load(Path(__file__).parents[2] / "config" / "clusters.toml")
PASSWORD = "nui-cao-song-dai"


class Person:
    """A browser without scripts: forms are sent with the token that stands on their page."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def post(self, path: str, data: Mapping[str, object] | None = None, *, on: str | None = None, **more: object):  # type: ignore[no-untyped-def]
        """Send a form as it stands on the page ``on`` (else on ``path``)."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get(on or path).text)
        token = found.group(1) if found else ""
        return self.client.post(path, data={"csrf_token": token, **(data or {})}, **more)

    def sign_in(self, name: str = "lan", password: str = PASSWORD):  # type: ignore[no-untyped-def]
        return self.post("/sign-in", {"name": name, "password": password})


def add_person(station: Station, name: str, role: Role, groups: tuple[str, ...] = ()) -> None:
    """Add somebody who has chosen the password of these tests."""
    users.add(station.log_book, name, time.time(), role=role, groups=groups)
    number = next(row["id"] for row in users.everyone(station.log_book) if row["name"] == name)
    users.choose_password(station.log_book, number, PASSWORD)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path).make()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A log book with one user, Lan, made once: hashing passwords is slow on purpose."""
    home = Home(tmp_path_factory.mktemp("prepared")).make()
    one: Station = create_app(SETTINGS, home).extensions["station"]
    add_person(one, "Lan", Role.ADMINISTRATOR)
    approvals.decide_rule(one.log_book, 1, "Số 1", "Lan", time.time(), one.key)
    one.log_book.dispose()
    return home


@pytest.fixture
def station_settings() -> Settings:
    return SETTINGS


@pytest.fixture
def station(home: Home, prepared: Home, station_settings: Settings) -> Iterator[Station]:
    """The pages' own part of a station, with one user, Lan."""
    for known, mine in ((prepared.database, home.database), (prepared.secret_key, home.secret_key)):
        shutil.copy(known, mine)
    app = create_app(station_settings, home)
    one: Station = app.extensions["station"]
    one.app = app  # type: ignore[attr-defined]
    yield one
    one.log_book.dispose()


@pytest.fixture
def client(station: Station) -> FlaskClient:
    """Somebody who is not signed in."""
    return station.app.test_client()  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def stranger(client: FlaskClient) -> Person:
    return Person(client)


@pytest.fixture
def lan(client: FlaskClient) -> Person:
    """Lan, signed in."""
    person = Person(client)
    assert person.sign_in().status_code == 302
    return person


@pytest.fixture
def another(station: Station) -> Callable[..., Person]:
    """Return somebody else, signed in at a device of their own."""

    def made(name: str, role: Role, groups: tuple[str, ...] = ()) -> Person:
        add_person(station, name, role, groups)
        person = Person(station.app.test_client())  # type: ignore[attr-defined]
        assert person.sign_in(name).status_code == 302
        return person

    return made


@dataclass
class Ear:
    """The part of the daemon that pages talk to, with its real rules; ``asked`` is what they asked for."""

    server: ControlServer
    asked: list[dict[str, object]]
    refused: set[str]

    @property
    def told(self) -> list[str]:
        return [str(one["do"]) for one in self.asked]


@pytest.fixture
def daemon(station: Station) -> Iterator[Ear]:
    gate = Gate(SETTINGS.quiet_hours, 3660, lambda: True, lambda: None)
    encoder, asked, refused = DtmfEncoder(DtmfSettings()), list[dict[str, object]](), set[str]()

    def around(broadcast: Broadcast) -> tuple[float, float]:
        codes = encoder.seconds(SETTINGS.network.calls(broadcast.clusters))
        return SETTINGS.transmitter.lead_in_s + codes, codes

    def length(sound: str) -> float:
        relay = Relay.of(sound)
        return relay.minutes * 60.0 if relay else station.frame.seconds(sound)

    def take(request: dict[str, object]) -> dict[str, object]:
        if request["do"] in refused:
            raise RefusedError(Sentence("The rules forbid it."))
        asked.append(request)
        return {"id": "20261123-101500-9f3c2a"}

    planning = Planning(SETTINGS, gate, around, length, station.clock)
    told = dict.fromkeys(("schedules changed", "announce", "cancel", "emergency start", "stop"), take)
    server = ControlServer(station.home.control_socket, {**told, "check schedule": planning.check})
    yield Ear(server, asked, refused)
    server.close()


@pytest.fixture
def book(station: Station) -> Engine:
    return station.log_book
