"""The simulated station as a process: relay board, sound device and field, switched on until told to stop."""

from __future__ import annotations

import json
import logging
import socket
import threading
from typing import Any

from broadcaster.config.settings import Settings
from broadcaster.errors import BroadcasterError, UsageError
from broadcaster.home import Home
from broadcaster.pidfile import PidFile
from broadcaster.simulation.air import Air
from broadcaster.simulation.client import fingerprint
from broadcaster.simulation.diary import Diary, Transcript
from broadcaster.simulation.field import Field
from broadcaster.simulation.relay_board import RelayBoard
from broadcaster.simulation.serial_line import SerialLine
from broadcaster.sockets import listen
from broadcaster.words import Sentence

_log = logging.getLogger(__name__)


class Station:
    """Everything that the commune's hardware would be."""

    def __init__(self, settings: Settings, home: Home, stop: threading.Event) -> None:
        self._pid = PidFile(home.run / "simulator.pid")
        self._stop = stop
        self._config = fingerprint(settings)
        self._field = Field(settings, home.field, Diary(home.field / "events.jsonl"))
        board = settings.relay_board
        self._board = RelayBoard(self._field.relay, channels=board.channels, address=board.address)
        self._line = SerialLine(self._board, home.run / "relay-board", Transcript(home.run / "wire.log"))
        self._air = Air(home.run / "air.sock", self._field.hear)
        self._socket = listen(home.run / "simulator.sock")
        threading.Thread(target=self._accept, name="simulator control", daemon=True).start()

    def close(self) -> None:
        """Switch everything off; recordings end properly."""
        self._socket.close()
        self._line.close()
        self._air.close()
        self._field.switch_off()

    def state(self) -> dict[str, Any]:
        """Return what a technician would see."""
        return {
            "relay": self._board.coils,
            "carrier": self._field.carrier,
            "open": [cluster.number for cluster in self._field.clusters if cluster.is_open],
            "underruns": self._air.underruns,
            "faults": self._line.faults,
            "config": self._config,
        }

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return  # closed
            with line:
                line.settimeout(2)
                try:
                    self._serve(line)
                except OSError as error:
                    _log.info("a client went away: %s", error)

    def _serve(self, line: socket.socket) -> None:
        with line.makefile("rb") as requests:
            request = requests.readline(10_000)
        try:
            answer = self._answer(json.loads(request))
        except BroadcasterError as error:
            answer = {"error": error.sentence.as_json()}
        except (ValueError, TypeError):
            answer = {"error": Sentence("That is no request for the simulated station.").as_json()}
        line.sendall(json.dumps(answer).encode() + b"\n")

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        match request.get("do"):
            case "state":
                return self.state()
            case "faults":
                self._line.set_faults(map(str, request["faults"]))
                return self.state()
            case "stop":
                self._stop.set()
                return {}
            case other:
                raise UsageError(Sentence("Unknown request: {do}", do=str(other)))


def serve(settings: Settings, home: Home, stop: threading.Event) -> None:
    """Run the simulated station until ``stop``. Raises ``RefusedError`` when one runs already."""
    station = Station(settings, home, stop)
    _log.info("MÔ PHỎNG / SIMULATION: the simulated station is on")
    stop.wait()
    station.close()
