"""Asks the daemon over its control socket."""

from __future__ import annotations

from pathlib import Path

from broadcaster.control import messages
from broadcaster.errors import ControlError
from broadcaster.sockets import connect
from broadcaster.words import Sentence


class ControlClient:
    """One question, one answer, one connection."""

    def __init__(self, path: Path, within_s: float = 5.0) -> None:
        self._path = path
        self._within_s = within_s

    def ask(self, do: str, **arguments: object) -> messages.Message:
        """Return the daemon's answer.

        Raises ``ControlError`` when there is none in time, ``RefusedError`` or ``UsageError`` when it is a no.
        """
        try:
            with connect(self._path, self._within_s) as line:
                line.sendall(messages.encode({"do": do, **arguments}))
                with line.makefile("rb") as replies:
                    answer = replies.readline(4 * messages.LONGEST)
        except OSError as error:
            raise ControlError(Sentence("The broadcast controller does not answer.")) from error
        if not answer:
            raise ControlError(Sentence("The broadcast controller went away while answering."))
        return messages.result(messages.decode(answer))
