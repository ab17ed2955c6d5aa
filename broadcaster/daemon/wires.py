"""What the contacts and meters of the station mean, and what is said of the wires they hang on."""

from __future__ import annotations

import threading
from collections.abc import Callable

from broadcaster.clock import Clock
from broadcaster.config.settings import Settings
from broadcaster.daemon.bus import Bus
from broadcaster.words import Sentence

_RADIATES_WITHIN_S = 2.0
_EVERY_S = 0.5
BUTTON = "button"


class Wires:
    """Told by ``InputWatch`` in the port's thread; ``press`` starts the emergency."""

    def __init__(
        self,
        settings: Settings,
        bus: Bus,
        clock: Clock,
        *,
        keyed: Callable[[], bool | None],
        press: Callable[[str], None],
    ) -> None:
        """``keyed`` returns whether the carrier is meant to be up; ``press(message)`` must not wait for a disk."""
        self._settings = settings
        self._bus = bus
        self._clock = clock
        self._keyed = keyed
        self._press = press
        self._lock = threading.Lock()
        self._radiates: bool | None = None
        self._wrong_since: float | None = None
        self.contacts: dict[str, bool] = {}
        self.meters: dict[str, float] = {}

    def contact(self, name: str, on: bool, first: bool) -> None:
        """A contact says ``on``; ``first``: it may have said so for long."""
        self.contacts[name] = on
        match name:
            case "rf_present":
                self._radiates = on
            case "transmitter_fault":
                self._stands("transmitter", _TRANSMITTER_FAULT if on else None)
            case "mains":
                self._stands("mains", None if on else _NO_MAINS)
            case "emergency_button":
                self._button(on, first)

    def meter(self, name: str, value: float) -> None:
        """A meter shows ``value``."""
        self.meters[name] = value
        reading = next(one for one in self._settings.reading if one.name == name)
        if reading.highest is not None:
            told = Sentence(
                "{title} is too high: {value} {unit}. Call the technician.",
                title=reading.title,
                value=f"{value:g}",
                unit=reading.unit,
            )
            self._stands(f"reading {name}", told if value > reading.highest else None)

    def no_meter(self, name: str) -> None:
        """A meter does not answer: what it said before is worth nothing now."""
        self.meters.pop(name, None)

    def look(self) -> float:
        """Hold what the transmitter radiates against what it was told; return the seconds until the next look."""
        with self._lock:
            keyed, radiates = self._keyed(), self._radiates
            if radiates is None or keyed is None or keyed is radiates:
                self._wrong_since = None
                self._bus.well("no carrier")
                if radiates is False:
                    self._bus.well("stuck carrier")
                return _EVERY_S
            now = self._clock.monotonic()
            self._wrong_since = now if self._wrong_since is None else self._wrong_since
            if now - self._wrong_since >= _RADIATES_WITHIN_S:
                if keyed:
                    self._bus.fault("no carrier", _NO_CARRIER)
                else:
                    self._bus.fault("stuck carrier", _STUCK_CARRIER, latched=True)
            return _EVERY_S

    def _button(self, pressed: bool, first: bool) -> None:
        if pressed and first:
            self._bus.fault(BUTTON, _BUTTON_STUCK)
        elif pressed:
            self._press(self._settings.inputs.emergency_message)
        else:
            self._bus.well(BUTTON)

    def _stands(self, kind: str, wrong: Sentence | None) -> None:
        if wrong is None:
            self._bus.well(kind)
        else:
            self._bus.fault(kind, wrong)


_TRANSMITTER_FAULT = Sentence("The transmitter reports a fault of its own: call the technician.")
_NO_MAINS = Sentence("Mains power is gone: the station runs on its battery.")
_NO_CARRIER = Sentence("The transmitter was switched on but does not radiate: look at its power and its aerial.")
_STUCK_CARRIER = Sentence(
    "THE TRANSMITTER STILL RADIATES although it was switched off: switch it off by hand and call the technician."
)
_BUTTON_STUCK = Sentence("The emergency button on the wall is pressed, or its cable is broken: release it.")
