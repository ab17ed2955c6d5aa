"""Did it sound? What the monitor receiver says of a broadcast; a claim of its own beside commanded and acknowledged."""

from __future__ import annotations

from enum import StrEnum

from broadcaster.model.evidence import Evidence


class Verdict(StrEnum):
    """Of one broadcast, by the monitor receiver."""

    HEARD = "heard"
    """What was handed to the transmitter came back off the air."""
    DOUBTFUL = "doubtful"
    """Only a part of it, or too little to tell."""
    NOT_HEARD = "not_heard"
    """The receiver listened, and this was not what it heard."""
    NO_MONITOR = "no_monitor"
    """There is no receiver, or it was dead: nobody knows."""

    @property
    def evidence(self) -> Evidence | None:
        """Only what was heard is verified; everything else proves nothing."""
        return Evidence.VERIFIED if self is Verdict.HEARD else None
