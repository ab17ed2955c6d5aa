"""Who may do what: five roles as a commune knows them, each with its rights."""

from __future__ import annotations

from enum import StrEnum

from broadcaster.words import Sentence


class Right(StrEnum):
    """What a page or a button asks of the person who wants it."""

    VIEW = "view"
    EMERGENCY = "emergency"
    """Start an emergency, and end it."""
    OPERATE = "operate"
    """Stop what is on air, silence a cluster, call off a day, say that a fault was seen."""
    WRITE = "write"
    """Make, change, pause and delete bulletins."""
    APPROVE = "approve"
    PEOPLE = "people"
    """Who may do what, and how the commune approves."""


class Role(StrEnum):
    """The last three of a commune's five are subsets of the first two."""

    ADMINISTRATOR = "administrator"
    HEAD = "head"
    EDITOR = "editor"
    DUTY = "duty"
    VIEWER = "viewer"

    @property
    def rights(self) -> frozenset[Right]:
        return _RIGHTS[self]

    @property
    def sentence(self) -> Sentence:
        """The name for people."""
        return _NAMES[self]

    @property
    def explained(self) -> Sentence:
        """What somebody in this role may do."""
        return _EXPLAINED[self]


_DUTY = frozenset([Right.VIEW, Right.EMERGENCY])
_EDITOR = _DUTY | {Right.OPERATE, Right.WRITE}
_HEAD = _EDITOR | {Right.APPROVE}
_RIGHTS = {
    Role.ADMINISTRATOR: frozenset(Right),
    Role.HEAD: _HEAD,
    Role.EDITOR: _EDITOR,
    Role.DUTY: _DUTY,
    Role.VIEWER: frozenset([Right.VIEW]),
}
_NAMES = {
    Role.ADMINISTRATOR: Sentence("Administrator"),
    Role.HEAD: Sentence("Head of the station"),
    Role.EDITOR: Sentence("Editor"),
    Role.DUTY: Sentence("Duty officer"),
    Role.VIEWER: Sentence("Viewer"),
}
_EXPLAINED = {
    Role.ADMINISTRATOR: Sentence("may do everything, and says who may do what"),
    Role.HEAD: Sentence("makes and approves bulletins"),
    Role.EDITOR: Sentence("makes bulletins; somebody else approves them"),
    Role.DUTY: Sentence("sees everything, and may sound an emergency"),
    Role.VIEWER: Sentence("sees everything, and changes nothing"),
}
