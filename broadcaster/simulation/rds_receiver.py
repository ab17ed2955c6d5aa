"""A cluster's RDS receiver: it acts on a group whose own check is right, and only once it has come twice.

At the edge of reception 1 or 2 of 30 wrong groups pass the check of RDS itself.
"""

from __future__ import annotations

from broadcaster.config.encoders import RdsSettings
from broadcaster.simulation.rds_encoder import Blocks

_REMEMBERS = 256


class RdsReceiver:
    """Tells ``(address, action)`` of each call that it believes."""

    def __init__(self, settings: RdsSettings) -> None:
        self._group = int(settings.group_type[:-1]) << 1
        self._aid = settings.aid
        self._fields = settings.fields
        self._seen: dict[int, int] = {}

    def reset(self) -> None:
        """Forget what came: the carrier is gone."""
        self._seen.clear()

    def is_ours(self, blocks: Blocks) -> bool:
        """Tell whether a group is of the application's kind."""
        return blocks[1] >> 11 == self._group

    def feed(self, blocks: Blocks) -> tuple[int, int] | None:
        """Take in a group; return the call from its second equal group on."""
        _, second, third, fourth = blocks
        if second >> 11 != self._group:
            return None
        payload = (second & 31) << 32 | third << 16 | fourth
        values = self._believed(payload)
        if values is None:
            return None
        count = self._seen[payload] = self._seen.pop(payload, 0) + 1
        if len(self._seen) > _REMEMBERS:
            self._seen.pop(next(iter(self._seen)))
        return (values["cluster"], values["action"]) if count >= 2 else None

    def _believed(self, payload: int) -> dict[str, int] | None:
        values, rest, blank, width = {}, 37, payload, 0
        for name, bits in self._fields:
            rest -= bits
            value = payload >> rest & (1 << bits) - 1
            if name == "check":
                blank, width = payload & ~((1 << bits) - 1 << rest), bits
            elif name[0].isdigit() and value != int(name, 0):
                return None
            values[name] = value
        remainder = 0xFFFF
        for byte in self._aid.to_bytes(2, "big") + blank.to_bytes(5, "big"):
            remainder ^= byte << 8
            for _ in range(8):
                remainder = (remainder << 1 ^ (0x1021 if remainder & 0x8000 else 0)) & 0xFFFF
        return values if values["check"] == remainder >> 16 - width else None
