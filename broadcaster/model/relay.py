"""A relay in place of a sound: which one, for how long. It stands where else the id of an asset stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

CONNECTS_S = 30.0
"""It is connected so long before its carrier goes up."""
_WRITTEN = re.compile(r"relay:([a-z0-9-]{1,20}):([1-9][0-9]{0,3})(?::([0-9a-f]{12}))?")


@dataclass(frozen=True)
class Relay:
    """``name`` is that of a ``[[relay]]``; of an id of the library it can never be mistaken: that has no colon."""

    name: str
    minutes: int
    origin: str = ""
    """Stands for the addresses that were meant (``config.relays``); empty: not looked up yet, and never sounded."""

    @property
    def sound(self) -> str:
        """Return it as schedules, broadcasts and their approval hold it."""
        return f"relay:{self.name}:{self.minutes}" + (f":{self.origin}" if self.origin else "")

    @classmethod
    def of(cls, sound: str) -> Relay | None:
        """Return the relay that ``sound`` means; ``None`` when it is a sound of the library."""
        found = _WRITTEN.fullmatch(sound)
        return cls(found[1], int(found[2]), found[3] or "") if found else None


def connects_s(sound: str) -> float:
    """Return how much earlier than others this must be made ready."""
    return CONNECTS_S if Relay.of(sound) else 0.0
