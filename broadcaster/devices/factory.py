"""From settings to drivers."""

from __future__ import annotations

from broadcaster.config.settings import SIMULATED, Settings
from broadcaster.devices.dtmf import DtmfEncoder
from broadcaster.devices.interface import Encoder
from broadcaster.devices.lane import PortOwner
from broadcaster.devices.port import SerialPort
from broadcaster.devices.waveshare import WaveshareBoard
from broadcaster.home import Home


def port_owner(settings: Settings, home: Home) -> PortOwner:
    """Return the one owner of the relay board's port; the port opens with the first command."""
    name = settings.relay_board.port
    path = str(home.run / "relay-board") if name == SIMULATED else name
    return PortOwner(SerialPort(path, settings.relay_board.baud))


def relay_board(settings: Settings, owner: PortOwner, *, urgent: bool = False) -> WaveshareBoard:
    """Return the configured relay board."""
    board = settings.relay_board
    return WaveshareBoard(owner, address=board.address, channels=board.channels, urgent=urgent)


def encoder(settings: Settings) -> Encoder:
    """Return the configured encoder."""
    return DtmfEncoder(settings.encoder)


def drop_carrier(settings: Settings, home: Home) -> None:
    """Open the port, switch the key off, read it back, close the port: the last word of every exit.

    For use while no daemon owns the port. Raises ``DeviceError``.
    """
    owner = port_owner(settings, home)
    try:
        relay_board(settings, owner).switch(settings.transmitter.channel, False)
    finally:
        owner.close()
