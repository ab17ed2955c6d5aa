"""The daemon's end of ``run/live.sock``: one speaker at a time, a second one is refused politely."""

from __future__ import annotations

import logging
import math
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from broadcaster.clock import Clock
from broadcaster.config.settings import LiveSettings
from broadcaster.control import live_wire, messages
from broadcaster.control.messages import Message
from broadcaster.errors import BroadcasterError, RefusedError, UsageError
from broadcaster.model.broadcast import ENDS, Broadcast
from broadcaster.playout.events import BroadcastMoved
from broadcaster.sockets import listen
from broadcaster.sound.talk import LOST, Talk
from broadcaster.words import Sentence

_log = logging.getLogger(__name__)
_TELL_EVERY_S = 0.25
_PATIENCE_S = 5.0
_AGAIN_S = 0.1
Start = Callable[[Message, Talk, Callable[[Broadcast], None]], Broadcast]
"""Asks the rules, tells which broadcast it will be, gives the player an item; raises ``BroadcasterError``."""


class LiveDoor:
    """Listens from construction on."""

    def __init__(
        self,
        path: Path,
        limits: LiveSettings,
        *,
        start: Start,
        withdraw: Callable[[str, Sentence], None],
        clock: Clock,
    ) -> None:
        """``withdraw`` takes back what the player has not begun yet."""
        self._limits = limits
        self._start = start
        self._withdraw = withdraw
        self._clock = clock
        self._busy = threading.Lock()
        self._by = ""
        self._now: tuple[str, Talk] | None = None
        self._closing = threading.Event()
        self._socket = listen(path)
        threading.Thread(target=self._accept, name="live", daemon=True).start()

    def close(self) -> None:
        """Let nobody speak any more."""
        self._closing.set()
        self._socket.close()

    def ended(self, event: BroadcastMoved) -> None:
        """A broadcast has ended: if it is what somebody speaks, the speaker is told so, and why."""
        now = self._now
        if event.state in ENDS and now is not None and now[0] == event.broadcast.id:
            now[1].finish(event.reason)

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError as error:
                if self._closing.is_set():
                    return
                _log.error("a speaker could not be taken in: %s", error)  # no descriptors left, for a while
                self._closing.wait(_AGAIN_S)
                continue
            threading.Thread(target=self._serve, args=(line,), name="live speaker", daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with line:
            line.settimeout(_PATIENCE_S)
            try:
                first, rest = _first_line(line)
                self._answer(line, messages.decode(first), rest)
            except BroadcasterError as error:
                _tell(line, messages.refusal(error))
            except OSError as error:
                _log.info("a speaker went away: %s", error)
            except Exception:  # noqa: BLE001 - top of the speaker's thread: one bad line must not end the controller
                _log.exception("somebody could not speak")
                _tell(line, messages.refusal(BroadcasterError(Sentence("This failed inside: see the log."))))

    def _answer(self, line: socket.socket, request: Message, rest: bytes) -> None:
        if not self._busy.acquire(blocking=False):
            raise RefusedError(Sentence("{by} is speaking just now: wait until that has ended.", by=self._by))
        try:
            self._by = str(request.get("by", ""))
            talk = Talk(self._limits.model_copy(update={"longest_min": self._minutes(request)}), self._clock.monotonic)

            def known(broadcast: Broadcast) -> None:  # before it is the player's: its end must find the speaker
                self._now = broadcast.id, talk

            try:
                self._converse(line, self._start(request, talk, known), talk, rest)
            finally:
                talk.finish(LOST)
                self._now = None
        finally:
            self._busy.release()

    def _minutes(self, request: Message) -> float:
        longest = self._limits.longest_min
        minutes = float(request.get("minutes") or longest)
        if not (math.isfinite(minutes) and minutes > 0):
            raise UsageError(Sentence("Give a number of minutes."))
        return min(minutes, longest)

    def _converse(self, line: socket.socket, broadcast: Broadcast, talk: Talk, rest: bytes) -> None:
        _tell(line, {"ok": True, "id": broadcast.id})
        line.settimeout(_TELL_EVERY_S)
        taken, told, heard = live_wire.Messages(), 0.0, rest
        while not talk.over.is_set():
            try:
                _hear(talk, taken, heard or line.recv(1 << 16))
                heard = b""
            except TimeoutError:
                pass
            except (OSError, ValueError):
                talk.finish(LOST)
            if self._clock.monotonic() - told >= _TELL_EVERY_S:
                told = self._clock.monotonic()
                if not _tell(line, _news(talk)):
                    talk.finish(LOST)
        self._withdraw(broadcast.id, talk.reason or _HAD_FINISHED)  # what has begun closes in order by itself
        _tell(line, _news(talk))


def _hear(talk: Talk, taken: live_wire.Messages, data: bytes) -> None:
    for kind, pcm in taken.feed(data):
        if kind == live_wire.SOUND:
            talk.hear(pcm)
        else:
            talk.finish()
    if not data:
        talk.finish(LOST)


def _news(talk: Talk) -> Message:
    return {
        "left_s": talk.left_s,
        "over": talk.over.is_set(),
        "reason": talk.reason.as_json() if talk.reason else None,
        "level_dbfs": talk.level_dbfs,
        "gaps": talk.buffer.gaps,
    }


def _tell(line: socket.socket, news: Message) -> bool:
    """The page reads while it sends; false: it is gone, or does not."""
    try:
        line.sendall(messages.encode(news))
    except OSError:
        return False
    return True


def _first_line(line: socket.socket) -> tuple[bytes, bytes]:
    """Return the question, and what came behind it: a page does not wait for our yes with its sound."""
    data = b""
    while b"\n" not in data and len(data) < messages.LONGEST:
        if not (more := line.recv(4096)):
            break
        data += more
    first, _, rest = data.partition(b"\n")
    return first, rest


_HAD_FINISHED = Sentence("The speaker had finished before it could begin.")
