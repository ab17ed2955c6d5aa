"""http and https at one address: a connection that begins as TLS does is served as such.

So there is one number to remember, and the page over http can say how to come in over https.
"""

from __future__ import annotations

import socket
import ssl
from typing import Any

from gunicorn.workers.gthread import DEFAULT_WORKER_DATA_TIMEOUT, TConn, ThreadWorker

_HANDSHAKE = 0x16
"""The first byte of a TLS connection (RFC 8446, 5.1)."""
_WITHIN_S = 5.0
CONTEXT: list[ssl.SSLContext] = []
"""What to serve https with; empty: only http."""


class TwoWayWorker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threaded worker, with an ear for TLS."""

    def handle(self, conn: TConn) -> Any:
        """Serve one request of a connection; runs in a thread of the pool."""
        if CONTEXT and not conn.initialized and conn.wait_for_data(DEFAULT_WORKER_DATA_TIMEOUT):
            try:
                self._wrap(conn)
            except OSError:  # it ended, or does not like our certificate
                return False
        return super().handle(conn)

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """Say how the request came."""
        if isinstance(conn.sock, ssl.SSLSocket):
            req.scheme = "https"
        return super().handle_request(req, conn)

    def _wrap(self, conn: TConn) -> None:
        conn.sock.settimeout(_WITHIN_S)
        if conn.sock.recv(1, socket.MSG_PEEK) == bytes([_HANDSHAKE]):
            conn.sock = CONTEXT[0].wrap_socket(conn.sock, server_side=True)


def serve_tls(certificate: str, key: str) -> None:
    """Have every worker of this process, and of its children, serve https too."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    CONTEXT[:] = [context]
