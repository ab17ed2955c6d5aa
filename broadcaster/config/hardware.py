"""``[transmitter]``, ``[relay_board]``, ``[inputs]`` and ``[[reading]]``: what hangs on wires."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from broadcaster.config.section import SIMULATED, Port, Section, Text, Word

Baud = Annotated[int, Field(ge=1200, le=256_000)]
Address = Annotated[int, Field(ge=1, le=255)]
InputNumber = Annotated[int, Field(ge=0, le=64)]
"""An input as printed on the board; 0 is none."""


class TransmitterSettings(Section):
    """``[transmitter]``: how it is keyed, and its times."""

    keying: Literal["relay", "rts", "dtr", "rigctld"] = "relay"
    channel: int = Field(1, ge=1, le=64)
    """With ``relay``: the contact on the board."""
    port: Port = SIMULATED
    """With ``rts``, ``dtr``: the serial port; with ``rigctld``: ``socket://host:port``."""
    polarity: Literal["high", "low"] = "high"
    """With ``rts``, ``dtr``: the level of the line that keys."""
    lead_in_s: float = Field(1.0, ge=0.1, le=30)
    tail_s: float = Field(0.5, ge=0, le=10)
    time_out_s: float = Field(3900, gt=0)
    keyed_minutes_per_hour: float = Field(60, gt=0, le=60)
    """Duty cycle that the transmitter stands; 60 is no limit. Never holds an emergency back."""


class WaveshareSettings(Section):
    """``kind = "waveshare"``: Waveshare Modbus RTU Relay, protocol V2; the (D) model has 8 inputs."""

    kind: Literal["waveshare"] = "waveshare"
    port: Port = SIMULATED
    baud: Baud = 9600
    address: Address = 1
    channels: Literal[8, 16, 32] = 8
    inputs: Literal[0, 8] = 0


class ModbusSettings(Section):
    """``kind = "modbus"``: any board with Modbus RTU coils; the maker's quirks are keys."""

    kind: Literal["modbus"] = "modbus"
    port: Port = SIMULATED
    baud: Baud = 9600
    address: Address = 1
    channels: int = Field(8, ge=1, le=64)
    inputs: int = Field(0, ge=0, le=64)
    first_coil: Word = 0
    first_input: Word = 0
    on_value: Word = 0xFF00
    off_value: Word = 0x0000
    reads_back: bool = True


class LcusSettings(Section):
    """``kind = "lcus"``: LCUS-1…8 USB boards (CH340). Many do not answer: then off is only *commanded*."""

    kind: Literal["lcus"] = "lcus"
    port: Port = SIMULATED
    baud: Baud = 9600
    channels: int = Field(4, ge=1, le=8)
    inputs: Literal[0] = 0
    reads_back: bool = False


class KmtronicSettings(Section):
    """``kind = "kmtronic"``: KMTronic USB relay boards."""

    kind: Literal["kmtronic"] = "kmtronic"
    port: Port = SIMULATED
    baud: Baud = 9600
    channels: int = Field(8, ge=1, le=8)
    inputs: Literal[0] = 0
    reads_back: bool = True


RelayBoardSettings = WaveshareSettings | ModbusSettings | LcusSettings | KmtronicSettings
RELAY_BOARDS: dict[str, type[Section]] = {
    "waveshare": WaveshareSettings,
    "modbus": ModbusSettings,
    "lcus": LcusSettings,
    "kmtronic": KmtronicSettings,
}


class InputsSettings(Section):
    """``[inputs]``: contacts on the relay board's inputs, by number; 0 is none."""

    rf_present: InputNumber = 0
    transmitter_fault: InputNumber = 0
    mains: InputNumber = 0
    emergency_button: InputNumber = 0
    normally_closed: tuple[Literal["rf_present", "transmitter_fault", "mains", "emergency_button"], ...] = ()
    """Contacts that are closed while what they are named for is *not* so."""
    emergency_message: str = ""
    """What the wired button sounds after the siren; empty: the first message."""

    @property
    def wired(self) -> dict[str, int]:
        """Names and numbers of those that there are."""
        numbers = {
            "rf_present": self.rf_present,
            "transmitter_fault": self.transmitter_fault,
            "mains": self.mains,
            "emergency_button": self.emergency_button,
        }
        return {name: number for name, number in numbers.items() if number}


class ReadingSettings(Section):
    """``[[reading]]``: a figure that the transmitter tells in a Modbus input register on the relay board's bus."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    title: Text
    unit: str = ""
    address: Address
    """Of the meter; never the relay board's."""
    register_number: Annotated[int, Field(ge=0, le=0xFFFF)]
    scale: float = Field(1.0, gt=0)
    highest: float | None = None
    """Above this it is a fault."""
