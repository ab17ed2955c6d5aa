"""What is live on the pages: on air now, next, clusters, faults; the same for the first sight and for every change."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from jinja2 import Environment

from broadcaster.errors import BroadcasterError
from broadcaster.model.approval import Standing
from broadcaster.model.roles import Right
from broadcaster.storage import broadcasts, day_off, faults, intervals
from broadcaster.storage.upcoming import Upcoming, upcoming
from broadcaster.storage.users import User
from broadcaster.words import LANGUAGES
from web.live import Parts
from web.night import Night, night
from web.night import bounds as bounds_of_night
from web.ribbon import Ribbon, bounds, ribbon

if TYPE_CHECKING:
    from web.station import Station

PARTS = ("now", "level", "day", "night", "next", "map", "clusters", "faults", "alarm")
_NEXT_EVERY_S = 5.0
_NEXT_WITHIN_S = 36 * 3600.0
_MOST_NEXT = 5


class Board:
    """Asks the daemon and the log book, and renders the parts."""

    def __init__(self, station: Station, templates: Environment) -> None:
        self._station = station
        self._templates = templates
        self._looked = 0.0
        self._next: list[Upcoming] | None = None
        self._day: Ribbon | None = None
        self._called_off: str | None = None
        self._night: Night | None = None
        placed = {one.number: one.position for one in station.settings.cluster if one.position}
        self._places = placed if len(placed) > 1 else {}

    def status(self, *, quick: bool = False) -> dict[str, Any] | None:
        """Return what the daemon says; ``None`` when it does not answer, ``quick`` within half a second."""
        try:
            answer = (self._station.quick if quick else self._station.daemon).ask("status")
        except BroadcasterError:
            return None
        del answer["ok"]
        return answer

    def parts(self, language: str, status: dict[str, Any] | None = None) -> Parts:
        """Return every part in one language."""
        values = {
            "language": language,
            "settings": self._station.settings,
            "status": status,
            "level": status.get("level_dbfs") if status else None,
            "upcoming": self.upcoming(),
            "night": self._night,
            "day": self._day,
            "called_off": self._called_off,
            "today_ends": bounds(self._station.settings.station.zone, self._station.clock.now())[1],
            "places": self._places,
            "now": self._station.clock.now(),
        }
        return {part: self._rendered(part, values) for part in PARTS}

    def alarm(self, language: str) -> str:
        """Return the part that stands on every page: empty while nothing is wrong."""
        return self._rendered("alarm", {"language": language, "status": self.status(quick=True)})

    def in_every_language(self) -> dict[str, Parts]:
        """Return every part in every language, as things are now."""
        status = self.status()
        return {language: self.parts(language, status) for language in LANGUAGES}

    def to_decide(self, user: User) -> int:
        """Return how many bulletins wait for this user: to approve, or to mend what was returned.

        0 while the log book cannot be read.
        """
        try:
            undecided = self._station.planned.undecided()
        except BroadcasterError:
            return 0
        approves = user.may(Right.APPROVE)
        return sum(
            one.author == user.id if state.standing is Standing.RETURNED else approves for one, state in undecided
        )

    def upcoming(self) -> list[Upcoming] | None:
        """Return what sounds next; looked up every few seconds. ``None`` when the log book cannot be read."""
        if time.monotonic() - self._looked > _NEXT_EVERY_S:
            self._look_up()
            self._looked = time.monotonic()
        return self._next

    def forget(self) -> None:
        """Somebody has changed the programme: look it up anew."""
        self._looked = 0.0

    def _rendered(self, part: str, values: dict[str, Any]) -> str:
        return self._templates.get_template(f"live/{part}.html").render(values)

    def _look_up(self) -> None:
        here, now = self._station, self._station.clock.now()
        begin, end = bounds(here.settings.station.zone, now)
        try:
            coming = upcoming(here.log_book, here.settings, now, max(now + _NEXT_WITHIN_S, end), here.planned.plan())
            self._day = ribbon(here.settings, broadcasts.between(here.log_book, begin, now), coming, now)
            self._next = coming[:_MOST_NEXT]
            self._called_off = day_off.decided_by(here.log_book, now, end)
            self._night = self._last_night(now)
        except BroadcasterError:
            self._next = self._day = self._night = None

    def _last_night(self, now: float) -> Night:
        book, span = self._station.log_book, bounds_of_night(now, self._station.settings.station.zone)
        lived = intervals.between(book, "controller", *span)
        return night(broadcasts.between(book, *span), faults.count(book, *span), lived, *span)
