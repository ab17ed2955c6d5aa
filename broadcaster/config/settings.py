"""The shape of ``clusters.toml``: one model a section. Units stand in the names."""

from __future__ import annotations

import re
from datetime import time
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

from broadcaster.model.cluster import Cluster, Group, Network
from broadcaster.model.rules import QuietHours

SIMULATED = "simulated"
"""The port or output that leads to the simulated station."""
AUDIO = Path(__file__).parents[2] / "audio"
"""Sound assets of the project: chimes and siren."""

Text = Annotated[str, Field(min_length=1)]
DtmfCode = Annotated[str, Field(pattern=r"^[0-9A-D*#]{1,12}$")]


class Section(BaseModel):
    """A section of the file: unknown keys are faults, values do not change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class StationSettings(Section):
    """``[station]``: who broadcasts, where, on what licence."""

    name: Text
    office: str = ""
    timezone: str = "Asia/Ho_Chi_Minh"
    frequency_mhz: float = Field(60.5, gt=0)
    licensed_power_w: float = Field(30, gt=0)
    licence: str = ""
    technician_phone: str = ""

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class TransmitterSettings(Section):
    """``[transmitter]``: how it is keyed, and its times."""

    keying: Literal["relay"] = "relay"
    channel: int = Field(1, ge=1, le=32)
    lead_in_s: float = Field(1.0, ge=0.1, le=30)
    tail_s: float = Field(0.5, ge=0, le=10)
    time_out_s: float = Field(3900, gt=0)


class RelayBoardSettings(Section):
    """``[relay_board]``: the board whose contact keys the transmitter."""

    kind: Literal["waveshare"] = "waveshare"
    port: Text = SIMULATED
    address: int = Field(1, ge=1, le=247)
    channels: Literal[8, 16, 32] = 8
    baud: int = Field(9600, ge=1200, le=256_000)


class EncoderSettings(Section):
    """``[encoder]``: how clusters are called. Templates take the entry's code: ``{cluster}``, ``{group}``."""

    kind: Literal["dtmf"] = "dtmf"
    open_cluster: Text = "*{cluster}1#"
    close_cluster: Text = "*{cluster}0#"
    open_group: Text = "*{group}1#"
    close_group: Text = "*{group}0#"
    open_all: str = "*991#"
    close_all: str = "*990#"
    repeats: int = Field(3, ge=1, le=10)
    tone_ms: int = Field(80, ge=50, le=200)
    gap_ms: int = Field(50, ge=50, le=200)
    code_gap_ms: int = Field(200, ge=200, le=2000)
    level_dbfs: float = Field(-9, ge=-30, le=-3)


class SoundSettings(Section):
    """``[sound]``: the output, and what frames a bulletin. File names are looked up in ``audio/``."""

    output: Literal["simulated", "card", "null"] = "simulated"
    device: str = ""
    opening_chime: str = "chime-open.wav"
    closing_chime: str = "chime-close.wav"
    bed: str = ""
    duck_db: float = Field(12, ge=0, le=40)
    voice: str = "vi"


class RulesSettings(Section):
    """``[rules]``: what may sound when."""

    quiet_from: time = time(21, 0)
    quiet_until: time = time(5, 0)
    longest_broadcast_min: float = Field(60, gt=0, le=24 * 60)
    late_after_min: float = Field(10, ge=0)

    @field_validator("quiet_from", "quiet_until", mode="before")
    @classmethod
    def _hour_and_minute(cls, value: object) -> time:
        if isinstance(value, str) and re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
            return time.fromisoformat(value)
        raise ValueError("HH:MM")


class MessageSettings(Section):
    """``[[emergency.message]]``: spoken after the siren; a recording in ``audio/`` goes before the text."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    title: Text
    text: Text
    file: str = ""


class EmergencySettings(Section):
    """``[emergency]``: siren, message, pause, again, until stopped or ``longest_min`` is over."""

    siren: str = "siren.wav"
    repeat_gap_s: float = Field(2.0, ge=0.5, le=600)
    longest_min: float = Field(120, gt=0, le=24 * 60)
    message: tuple[MessageSettings, ...] = ()


class WebSettings(Section):
    """``[web]``: where the pages are served."""

    host: Annotated[str, Field(pattern=r"^[A-Za-z0-9.:-]+$")] = "127.0.0.1"
    port: int = Field(8080, ge=1, le=65535)


class GroupSettings(Section):
    """``[[group]]``: clusters that one code opens together."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    title: str = ""
    code: Annotated[str, Field(pattern=r"^[0-9A-D]{1,8}$")]


class ClusterSettings(Section):
    """``[[cluster]]``: one receiver with its horns on a pole."""

    number: int = Field(ge=1, le=999)
    name: Text
    hamlet: str = ""
    code: Annotated[str, Field(pattern=r"^[0-9A-D]{1,8}$")]
    groups: tuple[str, ...] = ()
    horns: int = Field(2, ge=0, le=100)
    position: tuple[float, float] | None = None


class Settings(BaseModel):
    """The whole configuration, valid in itself."""

    model_config = ConfigDict(frozen=True)

    station: StationSettings
    transmitter: TransmitterSettings
    relay_board: RelayBoardSettings
    encoder: EncoderSettings
    sound: SoundSettings
    rules: RulesSettings
    emergency: EmergencySettings
    web: WebSettings
    group: tuple[GroupSettings, ...]
    cluster: tuple[ClusterSettings, ...]

    @cached_property
    def network(self) -> Network:
        """Clusters and groups as the model knows them."""
        clusters = tuple(Cluster(c.number, c.name, c.code, c.hamlet, c.horns, c.position) for c in self.cluster)
        groups = tuple(
            Group(g.name, g.code, frozenset(c.number for c in self.cluster if g.name in c.groups)) for g in self.group
        )
        return Network(clusters, groups, all_call=bool(self.encoder.open_all and self.encoder.close_all))

    @property
    def quiet_hours(self) -> QuietHours:
        return QuietHours(self.rules.quiet_from, self.rules.quiet_until, self.station.zone)

    @property
    def simulated(self) -> bool:
        """True while any device leads to the simulated station."""
        return SIMULATED in (self.relay_board.port, self.sound.output)
