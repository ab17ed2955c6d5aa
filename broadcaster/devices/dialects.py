"""What the relay boards of each family understand, as questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from broadcaster.config.hardware import (
    KmtronicSettings,
    LcusSettings,
    ModbusSettings,
    RelayBoardSettings,
    WaveshareSettings,
)
from broadcaster.devices import kmtronic, lcus, modbus
from broadcaster.devices.lane import Question
from broadcaster.devices.port import SerialPort

_T = TypeVar("_T")


class Dialect(Protocol):
    """Channels and inputs count from 1. What a board cannot do is ``None``."""

    def switch(self, channel: int, on: bool) -> Question[None]: ...
    def state(self, channel: int) -> Question[bool] | None: ...
    def hold(self, channel: int, seconds: float) -> Question[None] | None: ...
    def inputs(self) -> Question[list[bool]] | None: ...
    def prepare(self, port: SerialPort) -> None: ...


class ModbusDialect:
    """Boards with Modbus coils; ``timed`` ones have Waveshare's flash-on."""

    def __init__(self, settings: ModbusSettings, *, timed: bool = False) -> None:
        self._s = settings
        self._timed = timed

    def switch(self, channel: int, on: bool) -> Question[None]:
        value = self._s.on_value if on else self._s.off_value
        return _write(modbus.write_coil(self._s.address, self._s.first_coil + channel - 1, value))

    def state(self, channel: int) -> Question[bool] | None:
        if not self._s.reads_back:
            return None
        request = modbus.read_bits(self._s.address, modbus.READ_COILS, self._s.first_coil, self._s.channels)
        return Question(request, modbus.is_complete, lambda reply, asked: modbus.bits_of(reply, asked)[channel - 1])

    def hold(self, channel: int, seconds: float) -> Question[None] | None:
        if not self._timed:
            return None
        return _write(modbus.flash_on(self._s.address, self._s.first_coil + channel - 1, seconds))

    def inputs(self) -> Question[list[bool]] | None:
        if not self._s.inputs:
            return None
        request = modbus.read_bits(self._s.address, modbus.READ_INPUTS, self._s.first_input, self._s.inputs)
        return Question(request, modbus.is_complete, modbus.bits_of, length=5 + (self._s.inputs + 7) // 8)

    def prepare(self, port: SerialPort) -> None:
        """As it comes from the factory, an input of Waveshare's (D) board toggles a relay: the key, perhaps."""
        for number in range(self._s.inputs if self._timed else 0):
            place = modbus.INPUT_MODES + number
            asked = modbus.frame(self._s.address, modbus.READ_HOLDING, place, 1)
            if Question(asked, modbus.is_complete, modbus.word_of).ask(port) != 0:
                _write(modbus.frame(self._s.address, modbus.WRITE_REGISTER, place, 0)).ask(port)


class LcusDialect:
    """LCUS USB boards."""

    def __init__(self, settings: LcusSettings) -> None:
        self._s = settings

    def switch(self, channel: int, on: bool) -> Question[None]:
        return Question(lcus.switch(channel, on), None, _nothing)

    def state(self, channel: int) -> Question[bool] | None:
        if not self._s.reads_back:
            return None
        channels = self._s.channels
        return Question(
            lcus.STATUS, lambda reply: lcus.is_status(reply, channels), lambda reply, _: lcus.state_of(reply, channel)
        )

    def hold(self, channel: int, seconds: float) -> None:  # noqa: ARG002 - no such board has a timer
        return None

    def inputs(self) -> None:
        return None

    def prepare(self, port: SerialPort) -> None:
        """There is nothing to set."""


class KmtronicDialect:
    """KMTronic USB boards."""

    def __init__(self, settings: KmtronicSettings) -> None:
        self._s = settings

    def switch(self, channel: int, on: bool) -> Question[None]:
        return Question(kmtronic.switch(channel, on), None, _nothing)

    def state(self, channel: int) -> Question[bool] | None:
        if not self._s.reads_back:
            return None
        return Question(kmtronic.ask(channel), kmtronic.is_complete, kmtronic.state_of)

    def hold(self, channel: int, seconds: float) -> None:  # noqa: ARG002 - no such board has a timer
        return None

    def inputs(self) -> None:
        return None

    def prepare(self, port: SerialPort) -> None:
        """There is nothing to set."""


def dialect(settings: RelayBoardSettings) -> Dialect:
    """Return what the configured board understands."""
    match settings:
        case WaveshareSettings():
            plain = settings.model_dump(include={"port", "baud", "address", "channels", "inputs"})
            return ModbusDialect(ModbusSettings(**plain), timed=True)
        case ModbusSettings():
            return ModbusDialect(settings)
        case LcusSettings():
            return LcusDialect(settings)
        case KmtronicSettings():
            return KmtronicDialect(settings)


def _write(request: bytes) -> Question[None]:
    return Question(request, modbus.is_complete, modbus.confirm_write)


_nothing: Callable[[bytes, bytes], None] = lambda _reply, _request: None  # noqa: E731
