"""A WebSocket on a gunicorn thread: the view answers 101 as any response, its body then talks on the raw socket.

One thread reads and writes: two would race in OpenSSL. The protocol itself (frames, masks, sizes, closing) is
``websockets``' own sans-I/O implementation.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, cast

from flask import Request, Response
from websockets.datastructures import Headers
from websockets.frames import Frame, Opcode
from websockets.http11 import Request as Handshake
from websockets.protocol import State
from websockets.server import ServerProtocol
from werkzeug.exceptions import BadRequest

_READ = 1 << 16


class Line:
    """The server's end of one accepted connection."""

    def __init__(self, protocol: ServerProtocol, sock: socket.socket) -> None:
        self._protocol = protocol
        self._sock = sock
        self.heard_at = time.monotonic()

    @property
    def is_open(self) -> bool:
        return self._protocol.state is State.OPEN

    def receive(self, within_s: float) -> Iterator[bytes | str]:
        """Yield what has come, after waiting at most ``within_s`` for it; ends the line when the peer is gone."""
        self._sock.settimeout(within_s)
        try:
            data = self._sock.recv(_READ)
        except TimeoutError:
            return
        except OSError:
            data = b""
        if data:
            self.heard_at = time.monotonic()
            self._protocol.receive_data(data)
        else:
            self._protocol.receive_eof()
        self._flush()
        for event in self._protocol.events_received():
            if isinstance(event, Frame) and event.opcode in (Opcode.TEXT, Opcode.BINARY):
                data = bytes(event.data)
                yield data.decode() if event.opcode is Opcode.TEXT else data

    def send(self, text: str) -> None:
        """Send a text, unless the line has ended."""
        if self.is_open:
            self._protocol.send_text(text.encode())
            self._flush()

    def close(self, code: int = 1000) -> None:
        """Say goodbye and hang up."""
        if self.is_open:
            self._protocol.send_close(code)
            self._flush()
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if not data:
                continue
            try:
                self._sock.settimeout(1.0)
                self._sock.sendall(data)
            except OSError:
                self._protocol.receive_eof()
                return


class Upgrade(Response):
    """The 101; werkzeug would give it no body."""

    def get_app_iter(self, environ: Any) -> Iterable[bytes]:  # noqa: ARG002 - as werkzeug calls it
        return self.response  # type: ignore[return-value]


def upgrade(request: Request, protocol_name: str, talk: Callable[[Line], None], largest: int) -> Response:
    """Answer the handshake; ``talk`` then has the line, in the request's own thread. Raises ``BadRequest``."""
    protocol = ServerProtocol(max_size=largest, subprotocols=[protocol_name])  # type: ignore[list-item]
    # gunicorn has read the head already: the protocol gets it again, in its own spelling
    protocol.receive_data(Handshake(request.full_path, Headers(list(request.headers))).serialize())
    (asked,) = protocol.events_received()
    answer = protocol.accept(cast(Handshake, asked))
    if answer.status_code != 101:
        raise BadRequest(answer.body.decode(errors="replace"))
    sock = request.environ["gunicorn.socket"]

    def body() -> Iterator[bytes]:
        yield b""  # the head goes out
        protocol.send_response(answer)
        protocol.data_to_send()  # gunicorn has written it
        line = Line(protocol, sock)
        try:
            talk(line)
        finally:
            line.close()

    response = Upgrade(body(), status=101, direct_passthrough=True)
    for name, value in answer.headers.raw_items():
        if name.lower() not in ("date", "server"):
            response.headers[name] = value
    return response
