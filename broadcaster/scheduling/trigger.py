"""Our recurrence as a trigger of APScheduler.

Its own triggers fire twice in a repeated hour (cron) or skip a lost one (calendar interval), and the preview could
not share them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger

from broadcaster.model.recurrence import Recurrence

_ROUNDING_S = 0.001
"""A fire time is rounded to microseconds: without this the same occurrence could follow itself."""


class RecurrenceTrigger(BaseTrigger):  # type: ignore[misc]
    """Fires ``ahead_s`` seconds before each occurrence."""

    def __init__(self, rule: Recurrence, zone: ZoneInfo, ahead_s: float) -> None:
        self._rule = rule
        self._zone = zone
        self._ahead_s = ahead_s

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """Return the next time to fire, ``None`` when there is none any more.

        ``now`` stands for the previous time on the first call, and after a sleep: what was due meanwhile is
        settled at the next firing, since settling looks back by itself.
        """
        moment = now if previous_fire_time is None else max(now, previous_fire_time)
        due = self._rule.next(moment.timestamp() + self._ahead_s + _ROUNDING_S, self._zone)
        return None if due is None else datetime.fromtimestamp(due - self._ahead_s, UTC)
