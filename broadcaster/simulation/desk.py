"""Where the simulated station can be asked things: one JSON line in, one JSON line out."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from broadcaster.errors import BroadcasterError, UsageError
from broadcaster.sockets import listen
from broadcaster.words import Sentence

_log = logging.getLogger(__name__)
_LONGEST = 10_000
_PATIENCE_S = 2.0


class Desk:
    """Takes one request at a time; a refusal goes back as ``{"error": sentence}``."""

    def __init__(self, path: Path, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        self._path = path
        self._answer = answer
        self._socket = listen(path)
        self._thread = threading.Thread(target=self._run, name="simulator desk", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Answer no more."""
        self._path.unlink(missing_ok=True)
        self._socket.shutdown(socket.SHUT_RDWR)  # close() alone would not wake a thread that waits in accept()
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return  # closed
            with line:
                line.settimeout(_PATIENCE_S)
                try:
                    self._serve(line)
                except OSError as error:
                    _log.info("a client went away: %s", error)

    def _serve(self, line: socket.socket) -> None:
        with line.makefile("rb") as requests:
            text = requests.readline(_LONGEST)
        try:
            answer = self._answer(_decoded(text))
        except BroadcasterError as error:
            answer = {"error": error.sentence.as_json()}
        line.sendall(json.dumps(answer).encode() + b"\n")


def _decoded(text: bytes) -> dict[str, Any]:
    try:
        request = json.loads(text)
    except ValueError:
        request = None
    if not isinstance(request, dict):
        raise UsageError(Sentence("That is no request for the simulated station."))
    return request
