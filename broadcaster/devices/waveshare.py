"""Waveshare Modbus RTU Relay boards (8, 16 or 32 channels), protocol V2."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from broadcaster.devices import modbus
from broadcaster.devices.lane import PortOwner
from broadcaster.errors import BadReplyError, NoReplyError, ReadBackError
from broadcaster.words import Sentence

_T = TypeVar("_T")


class WaveshareBoard:
    """A board behind a port's owner. Channels count from 1, as printed on the board."""

    def __init__(self, owner: PortOwner, *, address: int = 1, channels: int = 8, urgent: bool = False) -> None:
        """``urgent`` boards use the priority lane: one try each, an answer within half a second or none."""
        self._owner = owner
        self._address = address
        self._channels = channels
        self._urgent = urgent

    def switch(self, channel: int, on: bool) -> None:
        """Command one contact and read it back; see ``interface.RelayBoard``."""
        request = modbus.write_coil(self._address, channel - 1, on)
        self._ask(request, modbus.confirm_write)
        if self.read(channel) is not on:
            raise ReadBackError(
                Sentence("Relay {channel} says OK but does not switch: it may be stuck.", channel=channel)
            )

    def read(self, channel: int) -> bool:
        """Return the contact's state as the board reports it."""
        request = modbus.read_coils(self._address, self._channels)
        return self._ask(request, modbus.coils_of)[channel - 1]

    def _ask(self, request: bytes, judge: Callable[[bytes, bytes], _T]) -> _T:
        tries = 1 if self._urgent else 2  # noise on a cable spoils one frame, seldom two
        for left in reversed(range(tries)):
            try:
                reply = self._owner.exchange(
                    request, modbus.is_complete, urgent=self._urgent, within_s=0.25 if self._urgent else 2.0
                )
                return judge(reply, request)
            except (NoReplyError, BadReplyError):
                if not left:
                    raise
        raise AssertionError("unreachable")
