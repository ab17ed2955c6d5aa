"""http and https at one address, and no stranger who can hold all of our threads.

One number to remember, so the page over http can say how to come in over https: a connection that begins as TLS
does is served as such. A stranger's request has a deadline, an address its share of the connections, and who was
answered and does not hang up is waited for in a thread of the pool, not in the loop that takes in everybody else.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from ipaddress import ip_address, ip_network
from typing import Any
from weakref import WeakSet

from gunicorn import util
from gunicorn.http.errors import NoMoreData
from gunicorn.workers.gthread import TConn, ThreadWorker

_HANDSHAKE = 0x16
"""The first byte of a TLS connection (RFC 8446, 5.1)."""
_WITHIN_S, _IN_A_CROWD_S = 10.0, 2.0
"""For a whole request, handshake and body and all, until :func:`know`; when so many come that threads run short."""
_SILENT_S = 30.0
"""For how long a body, or a reader of ours, may stand still."""
SHARE = 64
"""Connections of one address: an office behind one router has room; three strangers cannot fill the pool."""
_KNOWN: WeakSet[socket.socket] = WeakSet()
CONTEXT: list[ssl.SSLContext] = []
"""What to serve https with; empty: only http."""


class Connection(TConn):  # type: ignore[misc]
    """A connection that may begin as TLS; ``on_close`` is called once, in the main loop."""

    sock: socket.socket
    on_close: Callable[[], None] | None = None

    def init(self) -> None:
        """Wrap what begins as a handshake; runs in a thread of the pool, when the first byte is there."""
        if CONTEXT and not self.initialized:
            try:
                self._wrap()
            except OSError as error:  # it ended, or does not like our certificate
                raise NoMoreData from error
        super().init()
        self.sock.settimeout(_SILENT_S)

    def close(self, graceful: bool = False) -> None:  # noqa: ARG002 - as gunicorn calls it
        """Close at once: who is still to read something was waited for in the pool."""
        util.close(self.sock)
        done, self.on_close = self.on_close, None
        if done:
            done()

    def _wrap(self) -> None:
        self.sock.settimeout(_WITHIN_S)
        if self.sock.recv(1, socket.MSG_PEEK) == bytes([_HANDSHAKE]):
            safe = CONTEXT[0].wrap_socket(self.sock, server_side=True, do_handshake_on_connect=False)
            self.sock = safe  # known before the handshake, for who must cut it off
            safe.do_handshake()


class TwoWayWorker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threaded worker, with an ear for TLS and limits for strangers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._of: Counter[str] = Counter()  # counted in the main loop alone
        self._strangers: dict[Connection, float] = {}

    def accept(self, listener: socket.socket) -> None:
        """Take in a connection, unless its address has its share already. The station's own computer has no limit."""
        with suppress(BlockingIOError, ConnectionAbortedError):
            sock, client = listener.accept()
            address = neighbourhood(str(client[0]))
            if self._of[address] >= SHARE and not ip_address(client[0]).is_loopback:
                util.close(sock)
                return
            self._of[address] += 1
            self.nr_conns += 1
            connection = Connection(self.cfg, sock, client, listener.getsockname())
            connection.on_close = lambda: self._of.subtract([address])
            self.enqueue_req(connection)

    def handle(self, conn: Connection) -> Any:
        """Serve one request of a connection, or see it ended; runs in a thread of the pool."""
        _KNOWN.discard(conn.sock)
        self._strangers[conn] = time.monotonic()
        try:
            result = super().handle(conn)
        finally:
            self._strangers.pop(conn, None)
        if result is False:
            util.close_graceful(conn.sock)
        return result

    def handle_request(self, req: Any, conn: Connection) -> Any:
        """Serve a request whose head is there; say how it came."""
        if not {"CONTENT-LENGTH", "TRANSFER-ENCODING"} & {name for name, _ in req.headers}:
            self._strangers.pop(conn, None)
        if isinstance(conn.sock, ssl.SSLSocket):
            req.scheme = "https"
        try:
            return super().handle_request(req, conn)
        except TimeoutError as error:  # a phone that went out of reach is no fault of ours
            raise NoMoreData from error

    def murder_pending(self) -> None:
        """Also cut off the stranger who dribbles a request; the main loop calls this every second."""
        super().murder_pending()
        strangers = {one: began for one, began in self._strangers.copy().items() if one.sock not in _KNOWN}
        within = _WITHIN_S if len(strangers) < SHARE else _IN_A_CROWD_S
        for connection, began in strangers.items():
            if time.monotonic() - began > within:
                with suppress(OSError):
                    connection.sock.shutdown(socket.SHUT_RDWR)


def know(environ: Mapping[str, object]) -> None:
    """Somebody who is signed in asks this: what they send may take its time."""
    if isinstance(sock := environ.get("gunicorn.socket"), socket.socket):
        _KNOWN.add(sock)


def neighbourhood(address: str) -> str:
    """Return what has a share of the connections: an IPv4 address; of IPv6 a subnet, whose addresses cost nothing."""
    parsed = ip_address(address.partition("%")[0])
    mapped = getattr(parsed, "ipv4_mapped", None)
    if parsed.version == 4 or mapped:
        return str(mapped or parsed)
    return str(ip_network((int(parsed), 64), strict=False))


def serve_tls(certificate: str, key: str) -> None:
    """Have every worker of this process, and of its children, serve https too."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    CONTEXT[:] = [context]
