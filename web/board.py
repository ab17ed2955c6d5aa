"""What is live on the pages: on air now, next, clusters, faults; the same for the first sight and for every change."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from jinja2 import Environment

from broadcaster.errors import BroadcasterError
from broadcaster.storage.upcoming import Upcoming, upcoming
from broadcaster.words import LANGUAGES
from web.live import Parts

if TYPE_CHECKING:
    from web.station import Station

PARTS = ("now", "next", "clusters", "faults", "alarm")
_NEXT_EVERY_S = 5.0
_NEXT_WITHIN_S = 36 * 3600.0
_MOST_NEXT = 5


class Board:
    """Asks the daemon and the log book, and renders the parts."""

    def __init__(self, station: Station, templates: Environment) -> None:
        self._station = station
        self._templates = templates
        self._next: tuple[float, list[Upcoming] | None] = (0.0, None)

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
            "upcoming": self.upcoming(),
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

    def upcoming(self) -> list[Upcoming] | None:
        """Return what sounds next; looked up every few seconds. ``None`` when the log book cannot be read."""
        looked, found = self._next
        if time.monotonic() - looked > _NEXT_EVERY_S:
            found = self._look_up()
            self._next = (time.monotonic(), found)
        return found

    def forget(self) -> None:
        """Somebody has changed the programme: look it up anew."""
        self._next = (0.0, None)

    def _rendered(self, part: str, values: dict[str, Any]) -> str:
        return self._templates.get_template(f"live/{part}.html").render(values)

    def _look_up(self) -> list[Upcoming] | None:
        now = self._station.clock.now()
        try:
            found = upcoming(self._station.log_book, self._station.settings, now, now + _NEXT_WITHIN_S)
        except BroadcasterError:
            return None
        return found[:_MOST_NEXT]
