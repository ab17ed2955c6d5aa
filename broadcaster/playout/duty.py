"""How long the transmitter may be keyed in an hour, where it does not stand more."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from broadcaster.clock import Clock

_HOUR_S = 3600.0
_STEP_S = 60.0


class DutyCycle:
    """Keeps the books by the clock that never jumps. Thread-safe."""

    def __init__(self, minutes_per_hour: float, clock: Clock) -> None:
        """60 minutes an hour are no limit."""
        self._limit_s = minutes_per_hour * 60
        self._clock = clock
        self._spans: list[tuple[float, float | None]] = []
        self._earlier: list[tuple[float, float]] = []
        self._lock = threading.Lock()

    def carrier(self, on: bool | None) -> None:
        """The carrier went on or off; one whose state is unknown counts as on."""
        now = self._clock.monotonic()
        with self._lock:
            up = bool(self._spans) and self._spans[-1][1] is None
            if on is False and up:
                self._spans[-1] = (self._spans[-1][0], now)
            elif on is not False and not up:
                self._spans.append((now, None))
            self._spans = [span for span in self._spans if span[1] is None or span[1] > now - _HOUR_S]

    def remember(self, keyed: Iterable[tuple[float, float]]) -> None:
        """An earlier process keyed in these spans of Unix seconds: a restart cools no transmitter."""
        offset = self._clock.now() - self._clock.monotonic()
        with self._lock:
            self._earlier = [(begin - offset, end - offset) for begin, end in keyed]

    def earliest(self, keyed_from: float, keyed_until: float) -> float:
        """Return the first Unix second from ``keyed_from`` on at which so long a carrier would be within the limit.

        Infinity when it is longer than the limit itself.
        """
        length = keyed_until - keyed_from
        if self._limit_s >= _HOUR_S:
            return keyed_from
        if length > self._limit_s:
            return float("inf")
        start = keyed_from
        while self._used(start + length - _HOUR_S, start) + length > self._limit_s:
            start += _STEP_S
        return start

    def _used(self, since: float, until: float) -> float:
        """Return the seconds keyed between two Unix seconds; a carrier that is up now is about to end."""
        offset = self._clock.now() - self._clock.monotonic()
        now = self._clock.monotonic()
        with self._lock:
            spans = [*self._earlier, *((begin, now if end is None else end) for begin, end in self._spans)]
        return sum(max(0.0, min(end + offset, until) - max(begin + offset, since)) for begin, end in spans)
