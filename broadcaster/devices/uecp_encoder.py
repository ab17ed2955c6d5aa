"""What an RDS encoder on a UECP line understands."""

from __future__ import annotations

import itertools

from broadcaster.config.encoders import UecpSettings
from broadcaster.devices import uecp
from broadcaster.devices.lane import PortOwner, Question
from broadcaster.devices.rds import RdsEncoder
from broadcaster.devices.rds_group import Group, kind_of


class UecpDialect:
    """One element a frame; acknowledged where the encoder does that."""

    def __init__(self, settings: UecpSettings) -> None:
        self._s = settings
        self._sequence = itertools.cycle(range(1, 0xFD))  # the last three would need stuffing

    def group(self, group: Group) -> Question[None]:
        """Return the element that carries one group."""
        match self._s.element:
            case "24":
                message = uecp.free_format(group.kind, group.tail, group.third, group.fourth)
            case "42":
                message = uecp.oda_free_format(group.kind, group.tail, group.third, group.fourth)
            case _:
                message = uecp.oda_data(self._s.aid, group.tail, group.third, group.fourth)
        return self._question(message)

    def identity(self) -> list[Question[None]]:
        """Return PI, PS, TA/TP, PTY, radiotext, and the application's announcement."""
        messages = [uecp.pi(self._s.pi), uecp.ps(self._s.ps), uecp.ta_tp(ta=False, tp=False), uecp.pty(0)]
        if self._s.radiotext:
            messages.append(uecp.radiotext(self._s.radiotext))
        if self.announces():
            messages.append(uecp.oda_configuration(kind_of(self._s), self._s.aid))
        return [self._question(message) for message in messages]

    def answers(self) -> bool:
        """As configured: cheap ones never reply."""
        return self._s.acknowledges

    def announces(self) -> bool:
        """Element 40 does it; an encoder that knows only 24 gets a 3A group."""
        return self._s.element != "24"

    def _question(self, message: bytes) -> Question[None]:
        address = self._s.site << 6 | self._s.encoder
        request = uecp.frame(message, address=address, sequence=next(self._sequence))
        if self._s.acknowledges:
            return Question(request, uecp.is_complete, uecp.confirm)
        return Question(request, None, lambda *_: None)


class UecpEncoder(RdsEncoder):
    """An RDS encoder that speaks UECP."""

    def __init__(self, settings: UecpSettings, owner: PortOwner) -> None:
        super().__init__(settings, owner, UecpDialect(settings))
