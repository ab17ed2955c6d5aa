"""A bulletin of several items: which sounds in which order, the pauses between them, and how many times.

It has no samples of its own. Its name is the hash of all this, and the names of its sounds are the hashes of their
samples: what was approved by its name is bound to every sample.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from broadcaster.errors import SoundError
from broadcaster.words import Sentence

MOST_ITEMS = 60
MOST_REPEATS = 10
LONGEST_PAUSE_S = 600.0
DEFAULT_GAP_S = 10.0
"""Between the repeats, unless somebody says otherwise."""
_LETTERS = 31

Item = str | float
"""The name of a sound of the library, or a pause in seconds."""


@dataclass(frozen=True)
class Recipe:
    """The items in their order, all of them ``repeats`` times with ``gap_s`` between."""

    items: tuple[Item, ...]
    repeats: int = 1
    gap_s: float = 0.0

    @property
    def sounds(self) -> tuple[str, ...]:
        """The sounds of one round, in their order."""
        return tuple(one for one in self.items if isinstance(one, str))

    @property
    def rounds(self) -> tuple[Item, ...]:
        """Everything that is heard, one after the other."""
        again = (self.gap_s, *self.items) if self.gap_s else self.items
        return (*self.items, *(again * (self.repeats - 1)))

    @property
    def name(self) -> str:
        """The hash of the recipe; the letter tells it from the hashes of samples."""
        written = json.dumps([self.items, self.repeats, float(self.gap_s)])
        return "b" + hashlib.sha256(written.encode()).hexdigest()[:_LETTERS]

    def flat(self, recipe_of: Callable[[str], Recipe | None]) -> Recipe:
        """Return the same with the items of compositions in the place of these."""
        items: list[Item] = []
        for one in self.items:
            inner = recipe_of(one) if isinstance(one, str) else None
            items += inner.rounds if inner is not None else (one,)
        return Recipe(tuple(items), self.repeats, float(self.gap_s))

    def check(self) -> None:
        """Raise ``SoundError`` for what nobody can mean."""
        if not self.sounds:
            raise SoundError(Sentence("There is nothing to sound: add a recording or a text."))
        if len(self.items) > MOST_ITEMS:
            raise SoundError(Sentence("A bulletin has at most {count} items: make two of it.", count=MOST_ITEMS))
        if not 1 <= self.repeats <= MOST_REPEATS:
            raise SoundError(Sentence("A bulletin sounds once to {count} times in a row.", count=MOST_REPEATS))
        pauses = (self.gap_s, *(one for one in self.items if not isinstance(one, str)))
        if not all(0 <= one <= LONGEST_PAUSE_S for one in pauses):
            raise SoundError(Sentence("A pause lasts from 0 to {seconds} seconds.", seconds=round(LONGEST_PAUSE_S)))

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> Recipe:
        """Return what a description in the library says. Raises ``ValueError`` and the like when it is none."""
        items = tuple(one if isinstance(one, str) else float(one) for one in written["items"])
        return cls(items, int(written["repeats"]), float(written["gap_s"]))
