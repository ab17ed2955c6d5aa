"""Looks at the inputs and the meters on the relay board's bus, whenever nothing else is said on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from broadcaster.clock import Clock
from broadcaster.config.hardware import InputsSettings, ReadingSettings
from broadcaster.devices import modbus
from broadcaster.devices.debounce import Debounce
from broadcaster.devices.dialects import Dialect
from broadcaster.devices.lane import PortOwner, Question, patiently
from broadcaster.devices.port import SerialPort
from broadcaster.errors import BadReplyError, DeviceError
from broadcaster.words import Sentence

EVERY_S = 0.045
"""Seconds between two looks; the second look follows at once, so that a contact is known within 50 ms."""
_METERS_EVERY_S = 5.0
_SILENT_METERS_EVERY_S = 60.0
_FIRST_PAUSE_S, _GROWTH, _LONGEST_PAUSE_S = 0.25, 2.0, 4.0


@dataclass(frozen=True)
class Hearer:
    """Who wants to know. All are called in the port's own thread and must be quick.

    ``contact(name, on, first)``: what a contact says now, and whether that is the first look at it; ``meter(name,
    value)``: a figure, in the reading's unit; ``no_meter(name)``: it cannot be had; ``trouble`` and ``well``: about
    the way to the board.
    """

    contact: Callable[[str, bool, bool], None]
    meter: Callable[[str, float], None]
    no_meter: Callable[[str], None]
    trouble: Callable[[Sentence], None]
    well: Callable[[], None]


class InputWatch:
    """One chore of the bus's owner."""

    def __init__(
        self,
        owner: PortOwner,
        dialect: Dialect,
        inputs: InputsSettings,
        readings: tuple[ReadingSettings, ...],
        hearer: Hearer,
        clock: Clock,
    ) -> None:
        self._owner = owner
        self._dialect = dialect
        self._question = dialect.inputs()
        self._inputs = inputs
        self._readings = readings
        self._hearer = hearer
        self._clock = clock
        self._debounce = Debounce()
        self._prepared = False
        self._not_before = self._next_meters = 0.0
        self._pause_s = _FIRST_PAUSE_S

    def start(self) -> None:
        """Begin to look; even where nothing is wired, an input that is linked to a relay must be unlinked."""
        self._owner.whenever_idle(EVERY_S if self._inputs.wired else _METERS_EVERY_S, self.look)

    def look(self, port: SerialPort) -> None:
        """Look once; after a failure not again for a while, which grows."""
        now = self._clock.monotonic()
        if now < self._not_before:
            return
        try:
            self._look(port, now)
        except DeviceError as error:
            self._prepared = self._prepared and isinstance(error, BadReplyError)
            self._not_before = self._clock.monotonic() + self._pause_s
            self._pause_s = min(self._pause_s * _GROWTH, _LONGEST_PAUSE_S)
            self._hearer.trouble(error.sentence)
        else:
            if self._pause_s > _FIRST_PAUSE_S:
                self._pause_s = _FIRST_PAUSE_S
                self._hearer.well()

    def _look(self, port: SerialPort, now: float) -> None:
        if not self._prepared:
            self._dialect.prepare(port)
            self._prepared = True
        if self._question is not None and self._inputs.wired:
            self._contacts(port, self._question)
        if self._readings and now >= self._next_meters:
            self._next_meters = now + _METERS_EVERY_S
            for reading in self._readings:
                try:
                    self._meter(port, reading)
                except DeviceError:  # a meter that says nothing must not blind the contacts
                    self._hearer.no_meter(reading.name)
                    self._next_meters = now + _SILENT_METERS_EVERY_S

    def _contacts(self, port: SerialPort, question: Question[list[bool]]) -> None:
        first = self._debounce.states is None
        look = patiently(question.ask)  # noise must not make it miss a press
        changed = self._debounce.take(lambda: look(port))
        states = self._debounce.states
        if not changed or states is None:
            return
        for name, number in self._inputs.wired.items():
            if number - 1 in changed:
                self._hearer.contact(name, states[number - 1] is not (name in self._inputs.normally_closed), first)

    def _meter(self, port: SerialPort, reading: ReadingSettings) -> None:
        request = modbus.frame(reading.address, modbus.READ_REGISTERS, reading.register_number, 1)
        value = Question(request, modbus.is_complete, modbus.word_of).ask(port)
        self._hearer.meter(reading.name, value * reading.scale)
