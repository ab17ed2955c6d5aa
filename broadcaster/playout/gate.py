"""The rules, asked in one place: at the door when something is announced, and last before the carrier goes up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from broadcaster.errors import RefusedError
from broadcaster.model.priority import Priority
from broadcaster.model.rules import QuietHours
from broadcaster.words import Sentence


@dataclass(frozen=True)
class Gate:
    """``latched`` returns the fault that blocks the queue, ``trusted`` whether the wall clock can be believed.

    ``duty`` returns the first Unix second at which the transmitter stands a carrier from and until then.
    """

    quiet: QuietHours
    longest_s: float
    trusted: Callable[[], bool]
    latched: Callable[[], Sentence | None]
    duty: Callable[[float, float], float] = lambda keyed_from, _: keyed_from

    def check(self, priority: Priority, keyed_from: float, keyed_until: float, before_sound: float = 0.0) -> None:
        """Raise ``RefusedError`` unless a carrier may be up from and until these Unix seconds.

        The refusal names the earliest start of the sound, which comes ``before_sound`` seconds after the
        carrier. An emergency always passes.
        """
        if priority is Priority.EMERGENCY:
            return
        if (fault := self.latched()) is not None:
            raise RefusedError(
                Sentence("Held back by a fault that somebody must acknowledge first: {fault}", fault=fault)
            )
        if not self.trusted():
            raise RefusedError(
                Sentence("The clock of this computer cannot be trusted: set it, then acknowledge the fault.")
            )
        self.check_rules(keyed_from, keyed_until, before_sound)
        self._check_duty(keyed_from, keyed_until, before_sound)

    def check_rules(self, keyed_from: float, keyed_until: float, before_sound: float = 0.0) -> None:
        """The same for a time to come: only what the rules say, not what the station is like just now."""
        if not keyed_from < keyed_until < float("inf"):  # nor a number that is none: no rule below would notice
            raise RefusedError(Sentence("Nobody can say how long this would sound: it is not sounded."))
        if keyed_until - keyed_from > self.longest_s:
            raise RefusedError(
                Sentence(
                    "Too long: at most {minutes} minutes may be on air at a time.",
                    minutes=round(self.longest_s / 60),
                )
            )
        self._check_quiet_hours(keyed_from, keyed_until, before_sound)

    def _check_quiet_hours(self, keyed_from: float, keyed_until: float, before_sound: float) -> None:
        earliest = self.quiet.earliest_start(keyed_from, keyed_until)
        if earliest == keyed_from:
            return
        hours = {"start": f"{self.quiet.start:%H:%M}", "end": f"{self.quiet.end:%H:%M}"}
        if earliest == float("inf"):
            raise RefusedError(Sentence("Too long to fit between the quiet hours {start}–{end}.", **hours))
        raise RefusedError(
            Sentence(
                "This would sound in the quiet hours {start}–{end}. The earliest start allowed is {earliest}.",
                earliest=self._told(earliest + before_sound),
                **hours,
            )
        )

    def _check_duty(self, keyed_from: float, keyed_until: float, before_sound: float) -> None:
        earliest = self.duty(keyed_from, keyed_until)
        if earliest == keyed_from:
            return
        if earliest == float("inf"):
            raise RefusedError(Sentence("Too long: the transmitter does not stand so many minutes in an hour."))
        raise RefusedError(
            Sentence(
                "The transmitter has to cool down: it may be on air only so many minutes an hour. "
                "The earliest start allowed is {earliest}.",
                earliest=self._told(earliest + before_sound),
            )
        )

    def _told(self, moment: float) -> str:
        """A whole minute, which a person can ask for, and get."""
        local = datetime.fromtimestamp(-(-moment // 60) * 60, self.quiet.zone)
        return f"{local:%H:%M %d/%m/%Y}"
