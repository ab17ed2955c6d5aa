"""Unix stream sockets at paths of any length.

The kernel takes 107 bytes of path. A longer one is reached through a descriptor of its folder, as
``/proc/self/fd/<n>/<name>``.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_LONGEST = 100
_BACKLOG = 64


def connect(path: Path, timeout: float) -> socket.socket:
    """Return a connection to the socket at ``path``, with ``timeout`` seconds set for each operation.

    Raises ``OSError`` when nobody listens there.
    """
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        line.settimeout(timeout)
        with _address(path) as address:
            line.connect(address)
    except BaseException:
        line.close()
        raise
    return line


def listen(path: Path) -> socket.socket:
    """Return a socket that listens at ``path``, open to its owner alone; a socket left there is replaced.

    Raises ``OSError``, for example when something else than a socket is in the way.
    """
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with suppress(FileNotFoundError):
            if path.is_socket():
                path.unlink()
        with _address(path) as address:
            line.bind(address)
        path.chmod(0o600)  # nobody can connect before listen(), so this comes in time
        line.listen(_BACKLOG)
    except BaseException:
        line.close()
        raise
    return line


@contextmanager
def _address(path: Path) -> Iterator[str]:
    if len(os.fsencode(path)) <= _LONGEST:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
