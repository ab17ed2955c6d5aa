"""Everything in the daemon that looks at wires by itself: the key, the inputs, the meters, what radiates."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from broadcaster.clock import Clock
from broadcaster.config.settings import Settings
from broadcaster.daemon.bus import Bus
from broadcaster.daemon.wires import Wires
from broadcaster.devices.factory import Hardware
from broadcaster.devices.input_watch import Hearer
from broadcaster.devices.key_watch import KeyWatch
from broadcaster.devices.transmitter import KeyedTransmitter
from broadcaster.errors import DeviceError
from broadcaster.model.evidence import Evidence
from broadcaster.playout.events import CarrierMoved
from broadcaster.playout.orders import Orders
from broadcaster.words import Sentence


class Watches:
    """Started last and stopped first."""

    def __init__(
        self,
        settings: Settings,
        hardware: Hardware,
        transmitter: KeyedTransmitter,
        *,
        bus: Bus,
        orders: Orders,
        alive: Callable[[], bool],
        press: Callable[[str], None],
        clock: Clock,
    ) -> None:
        """``alive``: whether playout gets on; ``press(message)`` starts the emergency of the button on the wall."""
        self._settings = settings
        self._transmitter = transmitter
        self._bus = bus
        self._orders = orders
        self._clock = clock
        self._held_s = hardware.key().held_s
        self._wires = Wires(settings, bus, clock, keyed=transmitter.read, press=press)
        self._key_watch = KeyWatch(
            transmitter,
            held_s=self._held_s,
            alive=alive,
            trouble=self._unreachable,
            well=self._reachable,
            lost=self._lost,
            stray=self._stray,
            clock=clock,
        )
        self._inputs = hardware.input_watch(
            Hearer(
                self._wires.contact,
                self._wires.meter,
                self._wires.no_meter,
                lambda why: bus.fault("inputs", why),
                lambda: bus.well("inputs"),
            ),
            clock,
        )
        self._unsure = False
        self._closing = threading.Event()

    def start(self) -> None:
        """Begin to look."""
        self._key_watch.start()
        if self._inputs is not None:
            self._inputs.start()
        if "rf_present" in self._settings.inputs.wired:
            threading.Thread(target=self._compare, name="radiation watch", daemon=True).start()

    def close(self) -> None:
        """Look no more."""
        self._closing.set()
        self._key_watch.close()

    def status(self) -> dict[str, Any]:
        """Return what ``status`` shows of them."""
        return {
            "layer_three": self._held_s > 0,
            "contacts": dict(self._wires.contacts),
            "readings": [
                {"title": one.title, "unit": one.unit, "value": self._wires.meters.get(one.name)}
                for one in self._settings.reading
            ],
        }

    def _unreachable(self, why: Sentence) -> None:
        self._bus.fault("key", why)
        if self._transmitter.read():
            self._unsure = True
            self._bus.emit(CarrierMoved(None, Evidence.COMMANDED, self._clock.now()))

    def _reachable(self) -> None:
        self._bus.well("key")
        if self._unsure and self._transmitter.read():
            self._bus.emit(CarrierMoved(True, Evidence.COMMANDED, self._clock.now()))
        self._unsure = False

    def _lost(self) -> None:
        self._bus.fault("key let go", _LET_GO, momentary=True)
        self._orders.carrier_lost(_LET_GO)

    def _stray(self) -> None:
        try:
            evidence = self._transmitter.drop_stray()
        except DeviceError as error:
            self._bus.fault("key", error.sentence)
            return
        if evidence is not None:
            self._bus.fault("stray key", _STRAY, momentary=True)
            self._bus.emit(CarrierMoved(False, evidence, self._clock.now()))

    def _compare(self) -> None:
        while not self._closing.wait(self._wires.look()):
            pass


_LET_GO = Sentence("The transmitter's key has let go by itself: look at the relay board's power and its cable.")
_STRAY = Sentence("Something else has switched the transmitter on: it was switched off again.")
