"""From settings to drivers."""

from __future__ import annotations

from collections.abc import Callable

from broadcaster.clock import Clock
from broadcaster.config.encoders import AsciiSettings, DtmfSettings, UecpSettings
from broadcaster.config.section import SIMULATED
from broadcaster.config.settings import Settings
from broadcaster.devices.dialects import dialect
from broadcaster.devices.dtmf import DtmfEncoder
from broadcaster.devices.input_watch import Hearer, InputWatch
from broadcaster.devices.interface import Encoder, Key
from broadcaster.devices.keys import LineKey, RelayKey, RigKey
from broadcaster.devices.lane import PortOwner, Ports
from broadcaster.devices.measured import Measured
from broadcaster.devices.pira import AsciiEncoder
from broadcaster.devices.port import ModemLine, SerialPort
from broadcaster.devices.rds import RdsEncoder
from broadcaster.devices.relay_board import SerialRelayBoard
from broadcaster.devices.uecp_encoder import UecpEncoder
from broadcaster.devices.zones import ZoneEncoder
from broadcaster.home import Home
from broadcaster.model.evidence import Evidence
from broadcaster.words import Sentence

_LINE_BAUD = 9600
_NETWORK_REPLY_S = 0.5


class Hardware:
    """The station's devices, each behind the one owner of its port. Ports open with the first command."""

    def __init__(self, settings: Settings, home: Home) -> None:
        self._settings = settings
        self._home = home
        self._ports = Ports()
        self.measured = Measured(home)

    def relay_board(self, *, urgent: bool = False) -> SerialRelayBoard:
        """Return the configured relay board."""
        return SerialRelayBoard(self.bus, dialect(self._settings.relay_board), urgent=urgent)

    @property
    def bus(self) -> PortOwner:
        """The owner of the relay board's port."""
        board = self._settings.relay_board
        return self._ports.owner("relay-board", lambda: self._port("relay-board", board.port, board.baud))

    def key(self, *, urgent: bool = False) -> Key:
        """Return what keys the transmitter."""
        transmitter = self._settings.transmitter
        if transmitter.keying == "relay":
            return RelayKey(self.relay_board(urgent=urgent), transmitter.channel, timed=self.has_layer_three)
        if transmitter.keying == "rigctld":
            return RigKey(self._key_port({}), urgent=urgent)
        high = transmitter.polarity == "high"
        return LineKey(
            self._key_port({transmitter.keying: not high}), transmitter.keying, keyed_high=high, urgent=urgent
        )

    @property
    def has_layer_three(self) -> bool:
        """Whether this very board was measured to let go by itself, and to hold on while it is kept."""
        return self.measured.holds_while_kept(self._settings)

    def encoder(self) -> Encoder:
        """Return the configured encoder."""
        encoder = self._settings.encoder
        match encoder:
            case DtmfSettings():
                return DtmfEncoder(encoder)
            case UecpSettings():
                return UecpEncoder(encoder, self._encoder_port(encoder))
            case AsciiSettings():
                return AsciiEncoder(encoder, self._encoder_port(encoder))
            case _:
                return ZoneEncoder(self.bus, dialect(self._settings.relay_board))

    def greet_encoder(self) -> Sentence:
        """Tell the RDS encoder who the station is; return what can be said of its answer. Raises ``DeviceError``."""
        encoder = self.encoder()
        if not isinstance(encoder, RdsEncoder):
            raise TypeError(self._settings.encoder.kind)
        return Sentence("answers.") if encoder.greet() else Sentence("the port is there; it never answers.")

    def input_watch(self, hearer: Hearer, clock: Clock) -> InputWatch | None:
        """Return what looks at inputs and meters, if there are any."""
        settings = self._settings
        if not settings.inputs.wired and not settings.reading and not settings.relay_board.inputs:
            return None
        words = dialect(settings.relay_board)
        return InputWatch(self.bus, words, settings.inputs, settings.reading, hearer, clock)

    def close(self) -> None:
        """Close all ports."""
        self._ports.close()

    def _encoder_port(self, encoder: UecpSettings | AsciiSettings) -> PortOwner:
        return self._ports.owner("encoder", lambda: self._port("encoder", encoder.port, encoder.baud))

    def _key_port(self, at_rest: dict[ModemLine, bool]) -> PortOwner:
        return self._ports.owner(
            "key", lambda: self._port("key", self._settings.transmitter.port, _LINE_BAUD, at_rest=at_rest)
        )

    def _port(self, role: str, name: str, baud: int, *, at_rest: dict[ModemLine, bool] | None = None) -> SerialPort:
        label = _LABELS[role](role if name == SIMULATED else name.rpartition("/")[2])
        if name != SIMULATED:
            reply_s = _NETWORK_REPLY_S if "://" in name else _REPLY_S
            return SerialPort(name, baud, reply_s, at_rest=at_rest, label=label)
        place = self._home.run / role
        find = (lambda: place.with_suffix(".url").read_text()) if role == "key" else (lambda: str(place))
        return SerialPort(str(place), baud, at_rest=at_rest, find=find, label=label)


def drop_carrier(settings: Settings, home: Home) -> Evidence:
    """Open the port, let the key go, read it back if that is possible, close the port: the last word of every exit.

    For use while no daemon owns the port. Raises ``DeviceError``.
    """
    hardware = Hardware(settings, home)
    try:
        return hardware.key().off()
    finally:
        hardware.close()


_REPLY_S = 0.15
_LABELS: dict[str, Callable[[str], Sentence]] = {
    "relay-board": lambda name: Sentence("{name} (relay board)", name=name),
    "key": lambda name: Sentence("{name} (key of the transmitter)", name=name),
    "encoder": lambda name: Sentence("{name} (RDS encoder)", name=name),
}
"""What people call a port: by what hangs on it."""
