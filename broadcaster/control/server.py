"""Answers on the control socket: a thread for each question, so that a slow one never delays an emergency."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from broadcaster.control import messages
from broadcaster.errors import BroadcasterError, UsageError
from broadcaster.sockets import listen
from broadcaster.words import Sentence

Handler = Callable[[messages.Message], messages.Message]
_log = logging.getLogger(__name__)
_PATIENCE_S = 10.0
_AGAIN_S = 0.1


class ControlServer:
    """Listens from construction on; ``handlers`` maps ``do`` to what does it."""

    def __init__(self, path: Path, handlers: Mapping[str, Handler]) -> None:
        self._handlers = handlers
        self._closing = threading.Event()
        self._socket = listen(path)
        threading.Thread(target=self._accept, name="control", daemon=True).start()

    def close(self) -> None:
        """Take no more questions."""
        self._closing.set()
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError as error:
                if self._closing.is_set():
                    return
                _log.error("a question could not be taken: %s", error)  # no descriptors left, for a while
                self._closing.wait(_AGAIN_S)
                continue
            threading.Thread(target=self._serve, args=(line,), name="control request", daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with line:
            line.settimeout(_PATIENCE_S)
            try:
                with line.makefile("rb") as questions:
                    question = questions.readline(messages.LONGEST)
                if question:
                    line.sendall(messages.encode(self._answer(question)))
            except OSError as error:
                _log.info("a client of the control socket went away: %s", error)

    def _answer(self, question: bytes) -> messages.Message:
        try:
            request = messages.decode(question)
            handler = self._handlers.get(str(request.get("do")))
            if handler is None:
                raise UsageError(Sentence("Unknown request: {do}", do=str(request.get("do"))))
            return {"ok": True, **handler(request)}
        except BroadcasterError as error:
            return messages.refusal(error)
        except Exception:  # noqa: BLE001 - top of the request's thread
            _log.exception("a request failed")
            return messages.refusal(BroadcasterError(Sentence("This failed inside: see the log.")))
