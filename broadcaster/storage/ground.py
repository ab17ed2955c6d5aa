"""What the log book's rules stand on: handed in by whoever knows the configuration, the time and the key."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from broadcaster.model.cluster import Network


@dataclass(frozen=True)
class Ground:
    """The zone in which local times are meant, the clusters there are, the time, and the station's key for seals."""

    zone: ZoneInfo
    network: Network
    now: float
    key: bytes
