"""Says whether a schedule may stand as it is asked for: asked by the pages before they write it down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from itertools import islice
from typing import Any

from broadcaster.clock import Clock
from broadcaster.config.settings import Settings
from broadcaster.errors import UsageError
from broadcaster.model.broadcast import Broadcast
from broadcaster.model.recurrence import Recurrence
from broadcaster.playout.gate import Gate
from broadcaster.words import Sentence

_LOOKS_AHEAD = 400
"""Occurrences that are tried: more than a year of days, so that every change of clocks is among them."""


class Planning:
    """See the module."""

    def __init__(
        self,
        settings: Settings,
        gate: Gate,
        around: Callable[[Broadcast], tuple[float, float]],
        seconds: Callable[[str], float],
        clock: Clock,
    ) -> None:
        """``around`` gives the seconds of carrier before and after the sound, ``seconds`` the length of a mix."""
        self._settings = settings
        self._gate = gate
        self._around = around
        self._seconds = seconds
        self._clock = clock

    def check(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return ``duration``, ``before`` and ``after`` in seconds for ``sound``, ``clusters`` and the rule asked for.

        And ``now``, the Unix second for which the answer holds: what comes after it must be settled.

        Raises ``RefusedError`` when an occurrence would break the rules, ``UsageError`` when there is none.
        """
        clusters = self._settings.network.target(
            request.get("clusters") or (), group=request.get("group") or "", everyone=bool(request.get("all"))
        )
        duration = self._seconds(str(request["sound"]))
        before, after = self._around(Broadcast("", "", clusters))
        rule, now, zone = recurrence_of(request), self._clock.now(), self._settings.station.zone
        some = False
        for due in islice(rule.after(now, zone), _LOOKS_AHEAD):
            self._gate.check_rules(due - before, due + duration + after, before)
            some = True
        if not some:
            raise UsageError(
                Sentence("That time has passed already: give a later one.")
                if rule.is_once and rule.first.weekday() in rule.weekdays
                else Sentence("On these days it would never sound: choose other days.")
            )
        return {"duration": duration, "before": before, "after": after, "now": now}


def recurrence_of(request: dict[str, Any]) -> Recurrence:
    """Return the rule in ``at``, ``first``, ``last`` and ``weekdays``. Raises ``UsageError``."""
    try:
        return Recurrence(
            at=time.fromisoformat(str(request["at"])),
            first=date.fromisoformat(str(request["first"])),
            last=date.fromisoformat(str(request["last"])) if request.get("last") else None,
            weekdays=frozenset(map(int, request.get("weekdays") or range(7))),
        )
    except (KeyError, ValueError, TypeError):
        raise UsageError(Sentence("That is no rule of days and times.")) from None
