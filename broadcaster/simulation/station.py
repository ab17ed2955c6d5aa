"""The simulated station as a process: relay board, sound card and field, switched on until told to stop."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from broadcaster.config.settings import Settings
from broadcaster.errors import BroadcasterError, UsageError
from broadcaster.home import Home
from broadcaster.pidfile import PidFile
from broadcaster.simulation.air import Air
from broadcaster.simulation.client import fingerprint
from broadcaster.simulation.contacts import Contacts
from broadcaster.simulation.desk import Desk
from broadcaster.simulation.devices import Devices
from broadcaster.simulation.diary import Diary
from broadcaster.simulation.faults import checked
from broadcaster.simulation.field import Field
from broadcaster.simulation.receiver import FAULTS as RECEIVER_FAULTS
from broadcaster.simulation.receiver import Receiver
from broadcaster.words import Sentence

_log = logging.getLogger(__name__)
_OFF_AIR = {"receiver": RECEIVER_FAULTS, "transmitter": ("dead",)}
"""What can be wrong beyond the lines; a dead transmitter does not radiate although it is keyed."""


class Station:
    """Everything that the commune's hardware would be, as it is when it gets power: off and closed."""

    def __init__(self, settings: Settings, home: Home, stop: threading.Event) -> None:
        """Raises ``RefusedError`` when a simulated station runs already in this ``home``."""
        self._pid = PidFile(home.run / "simulator.pid")
        self._stop = stop
        self._config = fingerprint(settings)
        self._off_air: set[str] = set()
        with ExitStack() as switches:
            diary = Diary(home.field / "events.jsonl")
            switches.callback(diary.close)
            diary.power_up()
            self._field = Field(settings, home.field, diary)
            switches.callback(self._field.switch_off)
            self._devices = Devices(settings, home.run, self._field)
            switches.callback(self._devices.close)
            self._contacts = Contacts(settings, self._devices.board)
            self._field.on_carrier = self._contacts.carrier
            self._receiver = Receiver(home.run / "receiver.sock")
            switches.callback(self._receiver.close)
            self._air = Air(home.run / "air.sock", self._hear)
            switches.callback(self._air.close)
            switches.callback(Desk(home.run / "simulator.sock", self.answer).close)
            self._switches = switches.pop_all()

    def close(self) -> None:
        """Switch everything off; recordings end properly."""
        self._switches.close()

    def state(self) -> dict[str, Any]:
        """Return what a technician would see."""
        return {
            "relay": list(self._devices.board.coils) if self._devices.board else [],
            "inputs": self._contacts.closed,
            "carrier": self._field.carrier,
            "open": self._field.open,
            "underruns": self._air.underruns,
            "faults": {name: line.faults for name, line in self._devices.lines.items()},
            "off_air": sorted(self._off_air),
            "config": self._config,
        }

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do what a request asks (see ``client.ask``). Raises ``UsageError`` when it is none."""
        match request:
            case {"do": "state"}:
                return self.state()
            case {"do": "faults", "faults": [*faults]}:
                self._set_faults([str(fault) for fault in faults])
                return self.state()
            case {"do": "input", "number": int(number), "closed": bool(closed)}:
                self._contacts.close(number, closed)
                return self.state()
            case {"do": "reading", "register": int(register), "value": int(value)}:
                self._contacts.read_as(register, value)
                return self.state()
            case {"do": "stop"}:
                self._stop.set()
                return {}
        raise UsageError(Sentence("Unknown request: {do}", do=str(request.get("do"))))

    def _hear(self, chunk: bytes) -> None:
        """The next 10 ms have come down the programme line."""
        self._field.hear(chunk)
        self._receiver.hear(chunk, self._field.carrier)

    def _set_faults(self, faults: list[str]) -> None:
        """Faults are named ``fault`` or ``device:fault``; without a device the relay board or the only one is meant."""
        lines = self._devices.lines
        usual = "relay-board" if "relay-board" in lines else next(iter(lines), "")
        wanted: dict[str, list[str]] = {name: [] for name in (*lines, *_OFF_AIR)}
        for fault in faults:
            device, _, name = fault.rpartition(":")
            if fault == "sound:gone":
                self._air.lose_client()
            elif (device or usual) in wanted:
                wanted[device or usual].append(name)
            else:
                names = ", ".join([*wanted, "sound"])
                raise UsageError(Sentence("No device is called {name}. There are: {names}.", name=device, names=names))
        off_air = {device: checked(wanted[device], known) for device, known in _OFF_AIR.items()}
        for device in lines:
            lines[device].set_faults(wanted[device])
        self._receiver.faults = off_air["receiver"]
        self._field.radiate("dead" not in off_air["transmitter"])
        self._off_air = {f"{device}:{name}" for device, names in off_air.items() for name in names}


def serve(settings: Settings, home: Home, stop: threading.Event) -> None:
    """Run the simulated station until ``stop``, or until one of its threads died: half a station would lie.

    Raises ``RefusedError`` when one runs already, ``BroadcasterError`` when a thread died.
    """
    with _watched_threads(stop) as deaths:
        station = Station(settings, home, stop)
        _log.info("MÔ PHỎNG / SIMULATION: the simulated station is on")
        stop.wait()
        station.close()
    if deaths:
        raise BroadcasterError(Sentence("The simulated station failed: see the log."))


@contextmanager
def _watched_threads(stop: threading.Event) -> Iterator[list[str]]:
    deaths: list[str] = []

    def died(what: threading.ExceptHookArgs) -> None:
        _log.critical("a thread died", exc_info=what.exc_value)
        deaths.append(str(what.exc_value))
        stop.set()

    before, threading.excepthook = threading.excepthook, died
    try:
        yield deaths
    finally:
        threading.excepthook = before
