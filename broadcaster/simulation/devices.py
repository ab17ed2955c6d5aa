"""The devices that a configuration asks for, as byte models, each on its line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from broadcaster.config.encoders import AsciiSettings, EncoderSettings, UecpSettings
from broadcaster.config.hardware import (
    KmtronicSettings,
    LcusSettings,
    ModbusSettings,
    RelayBoardSettings,
    WaveshareSettings,
)
from broadcaster.config.section import SIMULATED
from broadcaster.config.settings import Settings
from broadcaster.simulation.diary import Transcript
from broadcaster.simulation.field import Field
from broadcaster.simulation.jacks import Jack, PtyJack, TcpJack
from broadcaster.simulation.keying import ModemLine, Rig
from broadcaster.simulation.model import Model
from broadcaster.simulation.rds_encoder import AsciiRds, Blocks
from broadcaster.simulation.relay_board import Make, RelayBoard
from broadcaster.simulation.serial_line import SerialLine
from broadcaster.simulation.uecp_rds import UecpRds
from broadcaster.simulation.usb_relays import Kmtronic, Lcus

Board = RelayBoard | Lcus | Kmtronic


def relay_board(
    settings: RelayBoardSettings, on_change: Callable[[int, bool], None], meters: Iterable[int] = ()
) -> Board:
    """Return the model of a relay board, with the meters on its bus."""
    match settings:
        case WaveshareSettings():
            return RelayBoard(
                on_change, channels=settings.channels, address=settings.address, inputs=settings.inputs, meters=meters
            )
        case ModbusSettings():
            make = Make(
                settings.first_coil, settings.first_input, settings.on_value, settings.off_value, waveshare=False
            )
            board = RelayBoard(
                on_change,
                channels=settings.channels,
                address=settings.address,
                make=make,
                inputs=settings.inputs,
                meters=meters,
            )
            board.linked = [False] * settings.inputs
            return board
        case LcusSettings():
            return Lcus(on_change, channels=settings.channels, answers=settings.reads_back)
        case KmtronicSettings():
            return Kmtronic(on_change, channels=settings.channels, answers=settings.reads_back)


def rds_encoder(settings: EncoderSettings, on_group: Callable[[Blocks], None]) -> UecpRds | AsciiRds:
    """Return the model of an RDS encoder."""
    if isinstance(settings, UecpSettings):
        return UecpRds(on_group, share=settings.share, acknowledges=settings.acknowledges)
    if isinstance(settings, AsciiSettings):
        return AsciiRds(on_group, share=settings.share, answers=settings.answers)
    raise TypeError(settings.kind)


def key(settings: Settings, on_change: Callable[[bool], None]) -> Model:
    """Return the model of what keys, where that is no relay."""
    transmitter = settings.transmitter
    if transmitter.keying == "rigctld":
        return Rig(on_change)
    return ModemLine(on_change, line=transmitter.keying, keyed_high=transmitter.polarity == "high")


class Devices:
    """All simulated devices of a station, by the name of their port."""

    def __init__(self, settings: Settings, run: Path, field: Field) -> None:
        self._run = run
        self._transcripts: list[Transcript] = []
        self.lines: dict[str, SerialLine] = {}
        self.board: Board | None = None
        for role, port in settings.ports.items():
            if port != SIMULATED:
                continue
            match role:
                case "relay_board":
                    self.board = relay_board(
                        settings.relay_board, field.relay, {one.address for one in settings.reading}
                    )
                    self._plug(self.board, PtyJack(run / "relay-board"), "relay-board", "wire.log")
                case "transmitter":
                    scheme = "socket" if settings.transmitter.keying == "rigctld" else "rfc2217"
                    jack = TcpJack(run / "key.url", scheme)
                    self._plug(key(settings, field.key), jack, "key", "wire-key.log")
                case "encoder":
                    self._plug(
                        rds_encoder(settings.encoder, field.group),
                        PtyJack(run / "encoder"),
                        "encoder",
                        "wire-encoder.log",
                    )

    def close(self) -> None:
        """Take all of them away."""
        for line in self.lines.values():
            line.close()
        for transcript in self._transcripts:
            transcript.close()

    def _plug(self, model: Model, jack: Jack, name: str, log: str) -> None:
        self._transcripts.append(Transcript(self._run / log))
        self.lines[name] = SerialLine(model, jack, self._transcripts[-1])
