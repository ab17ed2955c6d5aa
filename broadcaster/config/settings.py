"""The shape of ``clusters.toml``: one model a section. Units stand in the names."""

from __future__ import annotations

import re
from datetime import time
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

from broadcaster.config.encoders import EncoderSettings, ZoneRelaySettings
from broadcaster.config.hardware import InputsSettings, ReadingSettings, RelayBoardSettings, TransmitterSettings
from broadcaster.config.monitor import MonitorSettings
from broadcaster.config.relays import RelaySettings
from broadcaster.config.section import SIMULATED, Section, Text
from broadcaster.model.cluster import Cluster, Group, Network
from broadcaster.model.rules import QuietHours

AUDIO = Path(__file__).parents[2] / "audio"
"""Sound assets of the project: chimes and siren."""


class StationSettings(Section):
    """``[station]``: who broadcasts, where, on what licence."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    office: str = Field("", max_length=100)
    timezone: str = "Asia/Ho_Chi_Minh"
    frequency_mhz: float = Field(60.5, gt=0)
    licensed_power_w: float = Field(30, gt=0)
    licence: str = ""
    technician_phone: str = Field("", max_length=40)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class SoundSettings(Section):
    """``[sound]``: the output, and what frames a bulletin. File names are looked up in ``audio/``."""

    output: Literal["simulated", "card", "null"] = "simulated"
    device: str = ""
    opening_chime: str = "chime-open.wav"
    closing_chime: str = "chime-close.wav"
    signature: str = ""
    """The station's tune (nhạc hiệu), before the opening chime."""
    intro: str = Field("", max_length=1000)
    """Said before every bulletin: a text, or a file that ends with ``.wav``."""
    outro: str = Field("", max_length=1000)
    """Said after every bulletin, likewise."""
    bed: str = ""
    duck_db: float = Field(12, ge=0, le=40)
    loudness_lufs: float = Field(-16, ge=-30, le=-9)
    true_peak_dbtp: float = Field(-1.5, ge=-9, le=-0.5)
    voice: str = "vi"
    """A language, such as ``vi``, or the name of one voice: see ``sound.voices``."""
    speed: float = Field(1, ge=0.5, le=2)
    """How fast a voice speaks; 1 is its own pace."""
    numbers: Literal["north", "south"] = "north"
    """How numbers are said: hai nghìn không trăm linh năm, or hai ngàn không trăm lẻ năm."""
    silent_after_s: float = Field(5, ge=1, le=600)
    """Nothing of a programme louder than ``silent_dbfs`` for so long is a fault."""
    silent_dbfs: float = Field(-45, ge=-80, le=-20)


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
    siren: str = ""
    """One of its own, so that people can tell what it is about."""


class EmergencySettings(Section):
    """``[emergency]``: siren, message, pause, again, until stopped or ``longest_min`` is over."""

    siren: str = "siren.wav"
    """A file in ``audio/``, or a pattern: see ``model.sirens``."""
    siren_s: float = Field(10, ge=3, le=120)
    """How long a pattern sounds, about: whole intervals."""
    repeat_gap_s: float = Field(2.0, ge=0.5, le=600)
    longest_min: float = Field(120, gt=0, le=24 * 60)
    message: tuple[MessageSettings, ...] = ()


class LiveSettings(Section):
    """``[live]``: somebody speaks into the microphone of a browser."""

    longest_min: float = Field(10, gt=0, le=120)
    silent_after_s: float = Field(30, ge=5, le=600)
    """Nothing louder than -45 dBFS for so long ends it."""
    lost_after_s: float = Field(2, ge=0.5, le=3)
    """Nothing from the microphone for so long ends it."""
    jitter_ms: float = Field(120, ge=40, le=500)
    """What is held back, so that an uneven network is not heard."""


class RecordingsSettings(Section):
    """``[recordings]``: what was on air, and the disk that holds it."""

    keep_days: float = Field(90, ge=1, le=3650)
    wav_hours: float = Field(24, ge=0, le=24 * 365)
    """So long a recording stays a WAV; then it is compressed without loss."""
    free_mb: int = Field(500, ge=1, le=1_000_000)
    """With less free, the oldest recordings go; at most a tenth of the disk."""
    full_percent: int = Field(80, ge=10, le=99)
    reserve_mb: int = Field(100, ge=0, le=10_000)
    """Kept for the log and the recording of an emergency; at most an eighth of the disk."""


class WebSettings(Section):
    """``[web]``: where the pages are served."""

    host: Annotated[str, Field(pattern=r"^[A-Za-z0-9.:-]+$")] = "127.0.0.1"
    port: int = Field(8080, ge=1, le=65535)


class GroupSettings(Section):
    """``[[group]]``: clusters that one code opens together."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    title: str = ""
    code: Annotated[str, Field(pattern=r"^[0-9A-D]{1,8}$")]
    level: int = Field(0, ge=0, le=0xFFFF)
    """What ``{level}`` is when the group is opened: how loud, in the receivers' own measure."""


class ClusterSettings(Section):
    """``[[cluster]]``: one receiver with its horns on a pole."""

    number: int = Field(ge=1, le=999)
    name: Text
    hamlet: str = ""
    code: Annotated[str, Field(pattern=r"^[0-9A-D]{1,8}$")]
    level: int = Field(0, ge=0, le=0xFFFF)
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
    live: LiveSettings
    web: WebSettings
    group: tuple[GroupSettings, ...]
    cluster: tuple[ClusterSettings, ...]
    inputs: InputsSettings = InputsSettings()
    reading: tuple[ReadingSettings, ...] = ()
    recordings: RecordingsSettings = RecordingsSettings()
    monitor: MonitorSettings = MonitorSettings()
    relay: tuple[RelaySettings, ...] = ()

    @cached_property
    def network(self) -> Network:
        """Clusters and groups as the model knows them."""
        clusters = tuple(
            Cluster(c.number, c.name, c.code, c.hamlet, c.horns, c.position, c.level) for c in self.cluster
        )
        groups = tuple(map(self._group, self.group))
        wired = isinstance(self.encoder, ZoneRelaySettings)  # each cluster is a contact of its own
        return Network(clusters, groups, all_call=self.encoder.has_all_call, group_calls=not wired)

    def _group(self, group: GroupSettings) -> Group:
        members = frozenset(c.number for c in self.cluster if group.name in c.groups)
        return Group(group.name, group.code, members, group.level)

    @property
    def quiet_hours(self) -> QuietHours:
        return QuietHours(self.rules.quiet_from, self.rules.quiet_until, self.station.zone)

    @property
    def simulated(self) -> bool:
        """True while any device leads to the simulated station."""
        return SIMULATED in (*self.ports.values(), self.sound.output, self.monitor.input)

    @property
    def ports(self) -> dict[str, str]:
        """Name of each port in use, by section."""
        found = {}
        if self.uses_relay_board:
            found["relay_board"] = self.relay_board.port
        if self.transmitter.keying != "relay":
            found["transmitter"] = self.transmitter.port
        if (port := getattr(self.encoder, "port", None)) is not None:
            found["encoder"] = port
        return found

    @property
    def uses_relay_board(self) -> bool:
        """Whether anything hangs on the relay board, or on its bus."""
        on_board = self.transmitter.keying == "relay" or self.encoder.kind == "relays"
        return on_board or bool(self.inputs.wired or self.reading)

    @property
    def speaking(self) -> LiveSettings:
        """``[live]``, for no longer than any broadcast may be."""
        longest_min = min(self.live.longest_min, self.rules.longest_broadcast_min)
        return self.live.model_copy(update={"longest_min": longest_min})
