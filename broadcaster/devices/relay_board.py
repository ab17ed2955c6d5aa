"""A relay board behind a port's owner, whatever its dialect."""

from __future__ import annotations

from broadcaster.devices.dialects import Dialect
from broadcaster.devices.lane import PortOwner
from broadcaster.devices.port import SerialPort
from broadcaster.errors import DeviceError, ReadBackError
from broadcaster.model.evidence import Evidence
from broadcaster.words import Sentence


class SerialRelayBoard:
    """See ``interface.RelayBoard``. ``urgent`` boards use the priority lane: one try each."""

    def __init__(self, owner: PortOwner, dialect: Dialect, *, urgent: bool = False) -> None:
        self._owner = owner
        self._dialect = dialect
        self._urgent = urgent

    def switch(self, channel: int, on: bool) -> Evidence:
        """Command one contact and read it back where the board can."""
        self._owner.ask(self._dialect.switch(channel, on).ask, urgent=self._urgent)
        return self._confirm(channel, on)

    def hold(self, channel: int, seconds: float) -> None:
        """Close a timed contact. Raises ``DeviceError`` where the board has none."""
        question = self._dialect.hold(channel, seconds)
        if question is None:
            raise DeviceError(Sentence("This relay board has no timed contact."))
        self._owner.ask(question.ask, urgent=self._urgent)
        self._confirm(channel, True)

    def read(self, channel: int) -> bool | None:
        """Return the contact's state as the board reports it, ``None`` when it cannot."""
        question = self._dialect.state(channel)
        if question is None:  # at least its cable can be felt
            self._owner.ask(SerialPort.feel, urgent=self._urgent)
            return None
        return self._owner.ask(question.ask, urgent=self._urgent)

    @property
    def opened(self) -> int:
        """How often its port was opened."""
        return self._owner.port.opened

    def inputs(self) -> list[bool]:
        """Return which inputs are closed. Raises ``DeviceError`` where the board has none."""
        question = self._dialect.inputs()
        if question is None:
            raise DeviceError(Sentence("This relay board has no inputs."))
        return self._owner.ask(question.ask, urgent=self._urgent)

    def _confirm(self, channel: int, on: bool) -> Evidence:
        state = self.read(channel)
        if state is None:
            return Evidence.COMMANDED
        if state is not on:
            raise ReadBackError(
                Sentence("Relay {channel} says OK but does not switch: it may be stuck.", channel=channel)
            )
        return Evidence.ACKNOWLEDGED
