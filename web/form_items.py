"""The items of a bulletin's form: those that stand already, in their order, and how they are put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from broadcaster.sound.composition import DEFAULT_GAP_S, LONGEST_PAUSE_S, MOST_ITEMS, MOST_REPEATS, Item, Recipe
from broadcaster.words import Sentence

_PAUSE = "~"
"""Before the seconds of a pause that stands among the items."""
_BETWEEN = "1"


@dataclass
class Items:
    """Fields as strings, as they were typed. What is typed just now is none of ``those`` yet."""

    those: list[str] = field(default_factory=list)
    at: int | None = None
    """Where what is typed just now belongs; ``None``: at the end."""
    between: str = _BETWEEN
    repeats: str = "1"
    gap: str = f"{DEFAULT_GAP_S:g}"

    @classmethod
    def typed(cls, typed: Mapping[str, list[str]]) -> Items:
        """Return what a browser sent."""

        def one(name: str, default: str) -> str:
            return (typed.get(name) or [default])[0].strip().replace(",", ".")

        at = one("item_at", "")
        return cls(
            those=[name[:64] for name in typed.get("item", [])[: MOST_ITEMS + 1]],
            at=int(at) if at.isdecimal() and len(at) < 4 else None,
            between=one("between", _BETWEEN),
            repeats=one("repeats", "1"),
            gap=one("gap", f"{DEFAULT_GAP_S:g}"),
        )

    @classmethod
    def of(cls, recipe: Recipe) -> Items:
        """Return the fields that would have made this; a pause that is everywhere the same is no item."""
        sounds, pauses = recipe.items[::2], set(recipe.items[1::2])
        regular = all(isinstance(one, str) for one in sounds) and len(pauses) == 1 and len(recipe.items) % 2
        between = pauses.pop() if regular else 0.0
        those = sounds if regular and isinstance(between, float) else recipe.items
        return cls(
            those=[one if isinstance(one, str) else f"{_PAUSE}{one:g}" for one in those],
            between=f"{between:g}" if isinstance(between, float) else "0",
            repeats=str(recipe.repeats),
            gap=f"{recipe.gap_s or DEFAULT_GAP_S:g}",
        )

    @property
    def place(self) -> int:
        """Where what is typed just now belongs, from 0."""
        return len(self.those) if self.at is None else min(self.at, len(self.those))

    def put(self, sound: str) -> None:
        """What was typed is one of them now."""
        self.those.insert(self.place, sound)
        self.at = None

    def take(self, number: int) -> str:
        """Take one out; what is typed from now on comes into its place."""
        self.at = number
        return self.those.pop(number)

    def move(self, number: int, by: int) -> None:
        """Move one up or down; beyond the ends it stays."""
        self.those.insert(max(0, number + by), self.those.pop(number))

    def recipe(self, typed: str | None) -> Recipe | str:
        """Return what all of it comes to, ``typed`` in its place; one sound that sounds once is itself.

        To be asked once :meth:`trouble` has found nothing.
        """
        those = list(self.those)
        if typed is not None:
            those.insert(self.place, typed)
        if len(those) == 1 and int(self.repeats) == 1 and pause_of(those[0]) is None:
            return those[0]
        items: list[Item] = []
        for number, one in enumerate(those):
            pause = pause_of(one)
            before = pause_of(those[number - 1]) if number else 0.0
            if number and pause is None and before is None and float(self.between):
                items.append(float(self.between))
            items.append(one if pause is None else pause)
        return Recipe(tuple(items), int(self.repeats), float(self.gap))

    def trouble(self) -> Sentence | None:
        """Return what is wrong with the numbers."""
        if not self.repeats.isdecimal() or not 1 <= int(self.repeats[:4]) <= MOST_REPEATS:
            return Sentence("A bulletin sounds once to {count} times in a row.", count=MOST_REPEATS)
        try:
            fine = all(0 <= float(one) <= LONGEST_PAUSE_S for one in (self.between, self.gap))
        except ValueError:
            fine = False
        return None if fine else Sentence("A pause lasts from 0 to {seconds} seconds.", seconds=round(LONGEST_PAUSE_S))

    def as_typed(self) -> dict[str, list[str]]:
        """Return the fields of what stands already, for keeping them."""
        return {"item": list(self.those), "item_at": ["" if self.at is None else str(self.at)]}


def pause_of(item: str) -> float | None:
    """Return the seconds of an item that is a pause."""
    if not item.startswith(_PAUSE):
        return None
    try:
        return float(item.removeprefix(_PAUSE))
    except ValueError:
        return None
