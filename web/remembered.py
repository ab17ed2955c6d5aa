"""Who was signed in a moment ago: an emergency from the page needs no log book."""

from __future__ import annotations

import threading
import time

from broadcaster.storage.users import User

_MOST = 500
_HOLDS_S = 86400.0
"""Whoever was locked out at the command line, while the pages could not read it, is forgotten after that."""


class Remembered:
    """By token; thread-safe."""

    def __init__(self) -> None:
        self._users: dict[str, tuple[User, float]] = {}
        self._lock = threading.Lock()

    def keep(self, token: str, user: User) -> None:
        with self._lock:
            if len(self._users) >= _MOST:
                self._users.pop(next(iter(self._users)))
            self._users[token] = (user, time.monotonic())

    def forget(self, token: str) -> None:
        with self._lock:
            self._users.pop(token, None)

    def forget_user(self, user_id: int) -> None:
        """Forget every sign-in of a user; those that still hold are known again at their next request."""
        with self._lock:
            self._users = {token: known for token, known in self._users.items() if known[0].id != user_id}

    def get(self, token: str) -> User | None:
        with self._lock:
            user, at = self._users.get(token, (None, 0.0))
        return user if time.monotonic() - at < _HOLDS_S else None
