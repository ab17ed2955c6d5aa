"""What calls a cluster over RDS: one group, whose 37 free bits are laid out as the configuration says."""

from __future__ import annotations

import binascii
from dataclasses import dataclass

from broadcaster.config.encoders import RdsSettings

_ANNOUNCE = 6  # group 3A, as type × 2 + version


@dataclass(frozen=True)
class Group:
    """``kind`` is type × 2 + version; ``tail`` the low 5 bits of block 2; then blocks 3 and 4."""

    kind: int
    tail: int
    third: int
    fourth: int

    @property
    def second(self) -> int:
        """Block 2 without traffic programme and programme type, which are the encoder's."""
        return self.kind << 11 | self.tail


def kind_of(settings: RdsSettings) -> int:
    """Return the configured group type (``11A``) as type × 2 + version."""
    return int(settings.group_type[:-1]) * 2


def call_group(settings: RdsSettings, *, address: int, action: int, level: int, counter: int) -> Group:
    """Return the group of one call."""
    values = {"cluster": address, "action": action, "level": level, "counter": counter, "check": 0}
    values["check"] = check(settings.aid, _packed(settings, values), _width(settings, "check"))
    packed = _packed(settings, values)
    return Group(kind_of(settings), packed >> 32, packed >> 16 & 0xFFFF, packed & 0xFFFF)


def announcement(settings: RdsSettings) -> Group:
    """Return the 3A group that tells receivers in which group the application stands (IEC 62106, ODA)."""
    return Group(_ANNOUNCE, kind_of(settings), 0, settings.aid)


def check(aid: int, payload: int, bits: int) -> int:
    """Return the highest ``bits`` of CRC-16 (0x1021, from FFFF) over the AID and the payload without its check.

    RDS's own checkwords let 1 or 2 of 30 wrong groups pass at the edge of reception.
    """
    data = aid.to_bytes(2, "big") + payload.to_bytes(5, "big")
    return binascii.crc_hqx(data, 0xFFFF) >> (16 - bits)


def _packed(settings: RdsSettings, values: dict[str, int]) -> int:
    packed = 0
    for name, bits in settings.fields:
        value = values[name] if name in values else int(name, 0)
        packed = packed << bits | value & (1 << bits) - 1
    return packed


def _width(settings: RdsSettings, field: str) -> int:
    return next(bits for name, bits in settings.fields if name == field)
