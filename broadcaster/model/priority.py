"""The three message classes that officials know (Circular 39/2020): thông thường, ưu tiên, khẩn cấp."""

from __future__ import annotations

from enum import IntEnum

from broadcaster.words import Sentence


class Priority(IntEnum):
    """A higher class cuts a lower one; equals wait their turn."""

    ROUTINE = 0
    PRIORITY = 1
    EMERGENCY = 2

    @property
    def word(self) -> str:
        """The name in files and on the command line."""
        return self.name.lower()

    @property
    def sentence(self) -> Sentence:
        """The name for people."""
        return (Sentence("routine"), Sentence("priority"), Sentence("emergency"))[self]

    @classmethod
    def of(cls, word: str) -> Priority:
        """Return the class called ``word``; raises ``KeyError`` for any other word."""
        return cls[word.upper()]
