"""How a siren sounds, by name or by numbers: ``wail``, ``steady``, or ``3/2`` for 3 s on and 2 s off."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

_INTERVALS = re.compile(r"(\d{1,2}(?:\.\d)?)/(\d{1,2}(?:\.\d)?)")
LONGEST_ON_S, LONGEST_OFF_S = 60.0, 10.0


@dataclass(frozen=True)
class Pattern:
    """``on_s`` of sound, ``off_s`` of silence, again and again; without ``on_s`` it never pauses."""

    wails: bool = False
    on_s: float = 0.0
    off_s: float = 0.0

    def times(self, at_least_s: float) -> int:
        """Return how often it sounds until so many seconds are over: always whole times."""
        return max(1, math.ceil(at_least_s / (self.on_s + self.off_s))) if self.on_s else 1

    def seconds(self, at_least_s: float) -> float:
        """Return how long that takes, from the first sample to the last."""
        times = self.times(at_least_s)
        return times * self.on_s + (times - 1) * self.off_s if self.on_s else at_least_s


NAMED = {"wail": Pattern(wails=True), "steady": Pattern()}


def is_file(siren: str) -> bool:
    """Tell whether a siren is meant to be a sound file of the station's own."""
    return siren.lower().endswith(".wav")


def pattern(siren: str) -> Pattern | None:
    """Return the pattern that is meant; ``None`` when there is no such one."""
    if (named := NAMED.get(siren)) is not None:
        return named
    if (found := _INTERVALS.fullmatch(siren)) is None:
        return None
    on_s, off_s = map(float, found.groups())
    if not (0.5 <= on_s <= LONGEST_ON_S and 0.5 <= off_s <= LONGEST_OFF_S):
        return None
    return Pattern(on_s=on_s, off_s=off_s)
