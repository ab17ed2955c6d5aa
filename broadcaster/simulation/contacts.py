"""The contacts and meters that a transmitter and a wall button have, on the inputs of the simulated relay board."""

from __future__ import annotations

from broadcaster.config.settings import Settings
from broadcaster.errors import UsageError
from broadcaster.simulation.devices import Board
from broadcaster.simulation.relay_board import RelayBoard
from broadcaster.words import Sentence


class Contacts:
    """``rf_present`` follows the carrier by itself; the others move when somebody asks for it."""

    def __init__(self, settings: Settings, board: Board | None) -> None:
        self._board = board if isinstance(board, RelayBoard) and board.inputs else None
        self._inputs = settings.inputs
        self.closed: list[bool] = []
        if self._board is not None:
            self._board.readings = {one.register_number: 0 for one in settings.reading}
            self.closed = [False] * len(self._board.inputs)
            for name in self._inputs.wired:
                self._say(name, name == "mains")

    def carrier(self, on: bool) -> None:
        """The transmitter's own contact tells whether it radiates."""
        if "rf_present" in self._inputs.wired and self._board is not None:
            self._say("rf_present", on)

    def close(self, number: int, closed: bool) -> None:
        """Close or open an input, counted from 1. Raises ``UsageError`` when there is none of that number."""
        if self._board is None or not 1 <= number <= len(self.closed):
            raise UsageError(Sentence("The simulated relay board has no input {number}.", number=number))
        self.closed[number - 1] = closed
        self._board.close_input(number, closed)

    def read_as(self, register: int, value: int) -> None:
        """Let a meter show ``value``."""
        if self._board is not None:
            self._board.readings[register] = value

    def _say(self, name: str, state: bool) -> None:
        self.close(self._inputs.wired[name], state is not (name in self._inputs.normally_closed))
