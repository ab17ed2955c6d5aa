"""Permits to speak live: given after every question was asked, good once and for half a minute."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from typing import Any

_GOOD_FOR_S = 30.0
_EACH = 3


class Permits:
    """Thread-safe; kept in memory, for a permit is used at once or not at all."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._given: dict[str, tuple[float, int, dict[str, Any]]] = {}

    def give(self, user_id: int, request: dict[str, Any]) -> str:
        """Return a token that stands for this request of this user."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._forget_old()
            for older in [one for one, (_, whose, _) in self._given.items() if whose == user_id][: -_EACH + 1]:
                del self._given[older]  # nobody pushes out what others were given
            self._given[token] = (self._monotonic() + _GOOD_FOR_S, user_id, request)
        return token

    def take(self, token: str, user_id: int) -> dict[str, Any] | None:
        """Return the request, once; ``None`` when there is no such permit of this user."""
        with self._lock:
            self._forget_old()
            _, whose, request = self._given.get(token, (0.0, -1, {}))
            if whose != user_id:
                return None
            del self._given[token]
            return request

    def _forget_old(self) -> None:
        now = self._monotonic()
        self._given = {token: one for token, one in self._given.items() if one[0] > now}
