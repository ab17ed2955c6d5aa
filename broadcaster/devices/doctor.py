"""What a technician wants to know of the hardware: what is there, and what it does. Nothing here keys unasked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from serial.tools import list_ports

from broadcaster.config.hardware import WaveshareSettings
from broadcaster.config.settings import Settings
from broadcaster.devices import modbus
from broadcaster.devices.dialects import dialect
from broadcaster.devices.factory import Hardware
from broadcaster.devices.finding import Finding
from broadcaster.devices.lane import Question
from broadcaster.errors import DeviceError
from broadcaster.model.evidence import Evidence
from broadcaster.words import Sentence

_STABLE = Path("/dev/serial/by-id")
_VERSION = 0x8000
_KEY_S = 2.0
_HOLD_S, _AGAIN_AFTER_S = 1.2, 0.8
_LOOK_S = 0.05


def ports() -> Iterator[Finding]:
    """Yield the serial ports of this computer, by the names that stay the same."""
    stable = {path.resolve(): path for path in _STABLE.glob("*")} if _STABLE.is_dir() else {}
    found = list(list_ports.comports())
    for port in found:
        name = stable.get(Path(port.device).resolve(), Path(port.device))
        what = port.description if port.description != "n/a" else "—"
        yield Finding(None, Sentence("Port {name}: {what}", name=str(name), what=what))
    if not found:
        yield Finding(None, Sentence("No serial port is plugged into this computer."))


def devices(settings: Settings, hardware: Hardware) -> Iterator[Finding]:
    """Yield what each configured device says of itself; their ports must be free."""
    if settings.uses_relay_board:
        board = settings.relay_board
        yield _asked(
            Sentence("Relay board ({kind}) on {port}", kind=board.kind, port=board.port),
            lambda: _board(settings, hardware),
        )
    if settings.transmitter.keying != "relay":
        keying, port = settings.transmitter.keying, settings.transmitter.port
        yield _asked(
            Sentence("Key of the transmitter ({kind}) on {port}", kind=keying, port=port), lambda: _key(hardware)
        )
    if "encoder" in settings.ports:
        encoder = settings.encoder
        yield _asked(
            Sentence("RDS encoder ({kind}) on {port}", kind=encoder.kind, port=settings.ports["encoder"]),
            hardware.greet_encoder,
        )
    yield layer_three(settings, hardware)


def layer_three(settings: Settings, hardware: Hardware) -> Finding:
    """Say whether the board lets the key go when this computer dies; unmeasured counts as no."""
    if hardware.has_layer_three:
        return Finding(True, Sentence("If this computer dies, the relay board lets the key go by itself: measured."))
    timed = settings.transmitter.keying == "relay" and isinstance(settings.relay_board, WaveshareSettings)
    if timed and not hardware.measured.knows(settings):
        return Finding(
            None, Sentence("Whether the board lets the key go by itself is not measured yet: broadcaster check --key")
        )
    return Finding(
        None,
        Sentence("Nothing lets the key go if this computer dies: put a timer relay into the transmitter's key line."),
    )


def key_for_two_seconds(
    settings: Settings, hardware: Hardware, say: Callable[[Sentence], None], now: float
) -> Iterator[Finding]:
    """Key, measure a timed contact where there is one, unkey, whatever happens. Yields what was seen."""
    key = hardware.key()
    try:
        say(Sentence("The transmitter is on for two seconds…"))
        if settings.transmitter.keying == "relay" and isinstance(settings.relay_board, WaveshareSettings):
            yield from _measure(settings, hardware, now)
        else:
            evidence = key.on()
            time.sleep(_KEY_S)
            yield Finding(True, Sentence("The key was on for two seconds ({evidence}).", evidence=_KNOWN[evidence]))
    except DeviceError as error:
        yield Finding(False, error.sentence)
    finally:
        yield _let_go(hardware)


def _measure(settings: Settings, hardware: Hardware, now: float) -> Iterator[Finding]:
    """Hold the contact, hold it anew before it opens, and see when it does."""
    board, channel = hardware.relay_board(), settings.transmitter.channel
    began = time.monotonic()
    board.hold(channel, _HOLD_S)
    time.sleep(_AGAIN_AFTER_S)
    board.hold(channel, _HOLD_S)
    while board.read(channel) and time.monotonic() - began < 2 * _HOLD_S + 1:
        time.sleep(_LOOK_S)
    lasted = time.monotonic() - began
    holds = _HOLD_S + _AGAIN_AFTER_S - 0.2 < lasted < _HOLD_S + _AGAIN_AFTER_S + 0.4
    hardware.measured.note(settings, holds=holds, at=now)
    yield Finding(True, Sentence("The timed contact opened after {seconds} s.", seconds=f"{lasted:.1f}"))
    yield layer_three(settings, hardware)


def _let_go(hardware: Hardware) -> Finding:
    try:
        evidence = hardware.key().off()
    except DeviceError as error:
        return Finding(
            False,
            Sentence(
                "THE TRANSMITTER MAY STILL BE ON AIR and does not obey: switch it off by hand. ({why})",
                why=error.sentence,
            ),
        )
    return Finding(True, Sentence("The key is off again ({evidence}).", evidence=_KNOWN[evidence]))


def _asked(what: Sentence, ask: Callable[[], Sentence]) -> Finding:
    try:
        told = ask()
    except DeviceError as error:
        return Finding(False, Sentence("{what}: {told}", what=what, told=error.sentence))
    return Finding(True, Sentence("{what}: {told}", what=what, told=told))


def _board(settings: Settings, hardware: Hardware) -> Sentence:
    board = hardware.relay_board()
    if isinstance(settings.relay_board, WaveshareSettings):
        request = modbus.frame(settings.relay_board.address, modbus.READ_HOLDING, _VERSION, 1)
        version = hardware.bus.ask(Question(request, modbus.is_complete, modbus.word_of).ask)
        board.read(1)
        return Sentence("answers, version {version}.", version=f"{version / 100:.2f}")
    state = board.read(1)
    if state is None:
        hardware.bus.ask(lambda port: port.feel())
        return Sentence("the port is there; the board cannot be asked anything.")
    return Sentence("answers.")


def _key(hardware: Hardware) -> Sentence:
    if hardware.key().read() is None:
        return Sentence("the port is there; a line cannot be read back.")
    return Sentence("answers.")


def inputs(settings: Settings, hardware: Hardware) -> Iterator[Finding]:
    """Yield how each wired contact stands."""
    if not settings.inputs.wired:
        return
    try:
        hardware.bus.ask(dialect(settings.relay_board).prepare)
        states = hardware.relay_board().inputs()
    except DeviceError as error:
        yield Finding(False, error.sentence)
        return
    for name, number in settings.inputs.wired.items():
        closed = Sentence("closed") if states[number - 1] else Sentence("open")
        yield Finding(
            None, Sentence("Input {number} ({name}): {state}", number=number, name=_NAMES[name], state=closed)
        )


_NAMES = {
    "rf_present": Sentence("the transmitter radiates"),
    "transmitter_fault": Sentence("the transmitter has a fault"),
    "mains": Sentence("mains power"),
    "emergency_button": Sentence("emergency button"),
}
_KNOWN = {Evidence.COMMANDED: Sentence("commanded"), Evidence.ACKNOWLEDGED: Sentence("read back")}
