"""``[encoder]``: how clusters are called. One model a kind."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, field_validator

from broadcaster.config.hardware import Baud
from broadcaster.config.section import SIMULATED, Port, Section, Text, Word

_FIELD = re.compile(r"\{(cluster|action|level|counter|check|0x[0-9A-Fa-f]{1,4}|[0-9]{1,5}):([1-9]|1[0-6])\}\Z")
PAYLOAD_BITS = 37
"""What a group of version A leaves free: 5 bits of block 2, and blocks 3 and 4 (IEC 62106)."""


class DtmfSettings(Section):
    """``kind = "dtmf"``: tones in the audio. Templates take the entry's code and level."""

    kind: Literal["dtmf"] = "dtmf"
    open_cluster: Text = "*{cluster}1#"
    close_cluster: Text = "*{cluster}0#"
    open_group: Text = "*{group}1#"
    close_group: Text = "*{group}0#"
    open_all: str = "*991#"
    close_all: str = "*990#"
    level: int = Field(0, ge=0, le=99)
    """What ``{level}`` is in ``open_all``."""
    repeats: int = Field(3, ge=1, le=10)
    tone_ms: int = Field(80, ge=50, le=200)
    gap_ms: int = Field(50, ge=50, le=200)
    code_gap_ms: int = Field(200, ge=200, le=2000)
    level_dbfs: float = Field(-9, ge=-30, le=-3)

    @property
    def has_all_call(self) -> bool:
        return bool(self.open_all and self.close_all)


class RdsSettings(Section):
    """What both kinds of RDS encoders share: the groups that call clusters, and how many the encoder lets through."""

    port: Port = SIMULATED
    baud: Baud = 9600
    pi: Word = 0x1A01
    ps: Annotated[str, Field(pattern=r"^[ -~]{1,8}$")] = "XA"
    radiotext: Annotated[str, Field(pattern=r"^[ -~]{0,64}$")] = ""
    group_type: Annotated[str, Field(pattern=r"^(1[0-5]|[1-9])A$")] = "11A"
    aid: Word = 0xCD00
    payload: Text = "{action:1}{level:4}{cluster:10}{counter:6}{check:16}"
    open_action: int = Field(1, ge=0, le=0xFFFF)
    close_action: int = Field(0, ge=0, le=0xFFFF)
    all_code: int = Field(1023, ge=0, le=0xFFFF)
    """The address that every receiver answers to; 0: there is none."""
    level: int = Field(0, ge=0, le=0xFFFF)
    repeats: int = Field(5, ge=1, le=20)
    share: float = Field(1.0, ge=0.05, le=1)
    """What part of the encoder's group sequence is ours."""
    keep_alive_s: float = Field(20, ge=0, le=600)
    """Open clusters are called again so often while they sound, for those that missed their call; 0: never."""

    @property
    def has_all_call(self) -> bool:
        return self.all_code > 0

    @property
    def fields(self) -> tuple[tuple[str, int], ...]:
        """The payload from its highest bit down: name or number, and width in bits."""
        return payload_fields(self.payload)

    @field_validator("payload")
    @classmethod
    def _whole(cls, value: str) -> str:
        fields = payload_fields(value)
        bits = sum(width for _, width in fields)
        named = [name for name, _ in fields if not name[0].isdigit()]
        if bits != PAYLOAD_BITS:
            raise ValueError(f"37 bits, not {bits}")
        if not {"cluster", "action", "check"} <= set(named) or len(set(named)) < len(named):
            raise ValueError("{cluster:…} {action:…} {check:…}, once each")
        return value


class UecpSettings(RdsSettings):
    """``kind = "uecp"``: an RDS encoder that speaks UECP (SPB 490)."""

    kind: Literal["uecp"] = "uecp"
    site: int = Field(0, ge=0, le=1023)
    encoder: int = Field(0, ge=0, le=63)
    element: Literal["24", "42", "46"] = "24"
    """The message element that carries our groups; every encoder knows 24."""
    acknowledges: bool = False


class AsciiSettings(RdsSettings):
    """``kind = "ascii"``: an RDS encoder of the PIRA family, ``G=`` and the like."""

    kind: Literal["ascii"] = "ascii"
    answers: bool = True
    """It says ``+`` to each command."""
    echoes: bool = False
    """It knows ``*R`` and reports each group that went on air."""


class ZoneRelaySettings(Section):
    """``kind = "relays"``: wired clusters, each behind a contact of the relay board; its code is the channel."""

    kind: Literal["relays"] = "relays"

    @property
    def has_all_call(self) -> bool:
        return False


EncoderSettings = DtmfSettings | UecpSettings | AsciiSettings | ZoneRelaySettings
ENCODERS: dict[str, type[Section]] = {
    "dtmf": DtmfSettings,
    "uecp": UecpSettings,
    "ascii": AsciiSettings,
    "relays": ZoneRelaySettings,
}


def payload_fields(payload: str) -> tuple[tuple[str, int], ...]:
    """Return name (or number) and width of each field. Raises ``ValueError`` with the piece that is none."""
    pieces = re.findall(r"\{[^{}]*\}|[^{}\s]+|[{}]", payload)
    found = []
    for piece in pieces:
        if (match := _FIELD.match(piece)) is None:
            raise ValueError(f"{piece!r}: {{cluster|action|level|counter|check|number:bits}}")
        found.append((match[1], int(match[2])))
    return tuple(found)
