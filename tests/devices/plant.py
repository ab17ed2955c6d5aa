"""Every kind of device that the settings know, simulated on a real line, with our driver at the other end."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from broadcaster.config.loading import settings_of
from broadcaster.config.settings import Settings
from broadcaster.devices.factory import Hardware
from broadcaster.home import Home
from broadcaster.model.cluster import Call, Reach
from broadcaster.model.evidence import Evidence
from broadcaster.simulation.devices import Devices
from broadcaster.simulation.diary import Diary
from broadcaster.simulation.field import Field

CALL = Call(Reach.CLUSTER, "2", frozenset([2]))
BLOCK_S = 0.02
REPLY_S = 0.15 + 20 * 11 / 9600
"""What the simulated ports are given for an answer."""
_BASE: dict[str, Any] = {"station": {"name": "Đài thử"}, "cluster": [{"number": 2, "name": "Thôn Hai", "code": "2"}]}
KINDS: dict[str, dict[str, Any]] = {
    "waveshare": {"relay_board": {"kind": "waveshare"}},
    "waveshare-32": {"relay_board": {"kind": "waveshare", "channels": 32}, "transmitter": {"channel": 32}},
    "modbus": {"relay_board": {"kind": "modbus", "address": 255, "first_coil": 1, "on_value": 0x0100}},
    "modbus-blind": {"relay_board": {"kind": "modbus", "reads_back": False}},
    "lcus": {"relay_board": {"kind": "lcus", "reads_back": True}},
    "lcus-mute": {"relay_board": {"kind": "lcus"}},
    "kmtronic": {"relay_board": {"kind": "kmtronic"}},
    "kmtronic-mute": {"relay_board": {"kind": "kmtronic", "reads_back": False}},
    "rts": {"transmitter": {"keying": "rts"}},
    "rts-low": {"transmitter": {"keying": "rts", "polarity": "low"}},
    "dtr": {"transmitter": {"keying": "dtr"}},
    "rigctld": {"transmitter": {"keying": "rigctld"}},
    "uecp": {"encoder": {"kind": "uecp", "repeats": 2}},
    "uecp-acknowledged": {"encoder": {"kind": "uecp", "repeats": 2, "acknowledges": True}},
    "uecp-42": {"encoder": {"kind": "uecp", "repeats": 2, "acknowledges": True, "element": "42"}},
    "uecp-46": {"encoder": {"kind": "uecp", "repeats": 2, "acknowledges": True, "element": "46"}},
    "ascii": {"encoder": {"kind": "ascii", "repeats": 2}},
    "ascii-mute": {"encoder": {"kind": "ascii", "repeats": 2, "answers": False}},
    "ascii-echo": {"encoder": {"kind": "ascii", "repeats": 2, "echoes": True}},
    "relays": {"encoder": {"kind": "relays"}},
}
"""What differs from the simplest configuration, for each kind."""


class Plant:
    """One device: ``act`` uses it as a broadcast does, ``rest`` puts it back, ``line`` can be given faults."""

    def __init__(self, settings: Settings, home: Home, field: Field, devices: Devices) -> None:
        self.settings = settings
        self.field = field
        self._home = home
        self._keys = settings.encoder.kind == "dtmf"
        on_board = settings.encoder.kind == "relays" or (self._keys and settings.transmitter.keying == "relay")
        self.board = devices.board
        self.line = devices.lines["relay-board" if on_board else "key" if self._keys else "encoder"]
        if not self._keys:
            field.key(True)
        self.plug_in()

    @property
    def done(self) -> bool:
        """Whether the field shows what :meth:`act` was to bring about."""
        return self.field.carrier if self._keys else 2 in self.field.open

    def comes_to(self, done: bool) -> bool:
        """Tell whether the field gets there: a device that never answers may need a moment."""
        give_up = time.monotonic() + 1
        while self.done is not done and time.monotonic() < give_up:
            time.sleep(0.005)
        return self.done is done

    @property
    def patience_s(self) -> float:
        """How long one exchange may wait for its answer."""
        return REPLY_S

    def act(self) -> Evidence | int:
        """Key, or open a cluster. Raises ``DeviceError``."""
        return self._key.on() if self._keys else sound(self._encoder.open([CALL]))

    def rest(self) -> Evidence | int:
        """Let the key go, or close the cluster. Raises ``DeviceError``."""
        return self._key.off() if self._keys else sound(self._encoder.close([CALL]))

    def let_go(self) -> None:
        """Close the port, as when the daemon ends."""
        self.hardware.close()

    def plug_in(self) -> None:
        """Begin anew, as a daemon does."""
        self.hardware = Hardware(self.settings, self._home)
        if self._keys:
            self._key = self.hardware.key()
        else:
            self._encoder = self.hardware.encoder()


def settings_for(kind: str, **more: Any) -> Settings:
    """Return the settings of one kind."""
    return settings_of({**_BASE, **KINDS[kind], **more})


@contextmanager
def plant(kind: str, folder: Path, **more: Any) -> Iterator[Plant]:
    """Yield one device of this kind, at rest."""
    settings, home = settings_for(kind, **more), Home(folder).make()
    with ExitStack() as stack:
        diary = Diary(home.field / "events.jsonl")
        stack.callback(diary.close)
        field = Field(settings, home.field, diary)
        stack.callback(field.switch_off)
        devices = Devices(settings, home.run, field)
        stack.callback(devices.close)
        one = Plant(settings, home, field, devices)
        stack.callback(one.let_go)
        yield one


def sound(blocks: Iterable[bytes]) -> int:
    """Take blocks as an output does, one in 20 ms; return how many there were."""
    count, due = 0, time.monotonic()
    for _ in blocks:
        count += 1
        due += BLOCK_S
        time.sleep(max(0.0, due - time.monotonic()))
    return count
