"""What keys a transmitter: a contact, a modem line, or a rig-control daemon."""

from __future__ import annotations

import re
from functools import partial

from broadcaster.devices.interface import RelayBoard
from broadcaster.devices.lane import PortOwner, Question
from broadcaster.devices.port import ModemLine, SerialPort
from broadcaster.errors import BadReplyError, ReadBackError
from broadcaster.model.evidence import Evidence
from broadcaster.words import Sentence

HELD_S = 2.5
"""How long a timed contact stays closed by itself: within the 3 s in which the board must let go."""


class RelayKey:
    """A contact of a relay board; with ``timed``, one that the board opens by itself unless kept."""

    def __init__(self, board: RelayBoard, channel: int, *, timed: bool = False) -> None:
        self._board = board
        self._channel = channel
        self._keyed_at = 0
        self.held_s = HELD_S if timed else 0.0

    def on(self) -> Evidence:
        """Close the contact."""
        if self.held_s:
            self._board.hold(self._channel, self.held_s)
            return Evidence.ACKNOWLEDGED
        evidence = self._board.switch(self._channel, True)
        self._keyed_at = self._board.opened
        return evidence

    def off(self) -> Evidence:
        """Open the contact; that ends its timer too."""
        return self._board.switch(self._channel, False)

    def keep(self) -> bool | None:
        """Hold it anew where it is timed; read it back. A board that cannot tell and was away has let go."""
        if self.held_s and self._board.read(self._channel):
            self._board.hold(self._channel, self.held_s)
        state = self.read()
        return False if state is None and self._board.opened != self._keyed_at else state

    def read(self) -> bool | None:
        """Ask the board."""
        return self._board.read(self._channel)


class LineKey:
    """RTS or DTR of a serial adapter. A line cannot be read back: what is said of it is *commanded*."""

    held_s = 0.0

    def __init__(self, owner: PortOwner, line: ModemLine, *, keyed_high: bool = True, urgent: bool = False) -> None:
        self._owner = owner
        self._keyed_at = 0
        self._line: ModemLine = line
        self._keyed_high = keyed_high
        self._urgent = urgent

    def on(self) -> Evidence:
        """Drive the line to its keying level."""
        evidence = self._drive(self._keyed_high)
        self._keyed_at = self._owner.port.opened
        return evidence

    def off(self) -> Evidence:
        """Let the line rest."""
        return self._drive(not self._keyed_high)

    def keep(self) -> bool | None:
        """A line stays as it was left; one whose port had to be opened again is at rest."""
        state = self.read()
        return state if self._owner.port.opened == self._keyed_at else False

    def read(self) -> bool | None:
        """See whether the adapter is still there."""
        self._owner.ask(SerialPort.feel, urgent=self._urgent)
        return None

    def _drive(self, high: bool) -> Evidence:
        self._owner.ask(partial(SerialPort.drive, modem_line=self._line, high=high), urgent=self._urgent)
        return Evidence.COMMANDED


class RigKey:
    """``rigctld`` of Hamlib: ``T 1`` and ``T 0``, asked back by ``t``. It keeps the carrier when we die."""

    held_s = 0.0

    def __init__(self, owner: PortOwner, *, urgent: bool = False) -> None:
        self._owner = owner
        self._urgent = urgent

    def on(self) -> Evidence:
        """Press the talk key, and ask whether it is pressed."""
        return self._press(True)

    def off(self) -> Evidence:
        """Let the talk key go, and ask whether it is."""
        return self._press(False)

    def keep(self) -> bool | None:
        """The rig stays as it was left."""
        return self.read()

    def read(self) -> bool | None:
        """Ask whether the rig transmits."""
        return self._owner.ask(Question(b"t\n", _whole_line, _talks).ask, urgent=self._urgent)

    def _press(self, on: bool) -> Evidence:
        self._owner.ask(Question(b"T %d\n" % on, _whole_line, _obeyed).ask, urgent=self._urgent)
        if self.read() is not on:
            raise ReadBackError(Sentence("The rig says OK but does not switch its transmitter."))
        return Evidence.ACKNOWLEDGED


def _whole_line(reply: bytes) -> bool:
    return reply.endswith(b"\n")


def _obeyed(reply: bytes, _: bytes) -> None:
    if (found := re.fullmatch(rb"RPRT (-?\d+)\n", reply)) is None:
        raise BadReplyError(Sentence("The rig control does not answer as it should."))
    if found[1] != b"0":
        raise BadReplyError(Sentence("The rig control refuses the command (code {code}).", code=int(found[1])))


def _talks(reply: bytes, _: bytes) -> bool:
    if reply not in (b"0\n", b"1\n"):
        raise BadReplyError(Sentence("The rig control does not answer as it should."))
    return reply == b"1\n"
