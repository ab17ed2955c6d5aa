"""Calls clusters by RDS groups, paced by the sound itself: an encoder holds only four groups."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from typing import Protocol

from broadcaster.config.encoders import RdsSettings
from broadcaster.devices.lane import PortOwner, Question, patiently
from broadcaster.devices.port import SerialPort
from broadcaster.devices.rds_group import Group, announcement, call_group
from broadcaster.devices.waiting import silence_until
from broadcaster.errors import BadReplyError, BroadcasterError, NoReplyError
from broadcaster.model.cluster import Call, Reach
from broadcaster.model.pcm import BLOCK, RATE, SILENCE

GROUP_S = 0.088
"""One group is 104 bits at 1187.5 bit/s, 87.6 ms; handing over a little slower never fills the encoder's buffer."""
_BLOCK_S = BLOCK / RATE
_WIRE_S = 0.15
_ROUNDS_TO_BE_BELIEVED = 2
"""A receiver acts on the second of two equal groups."""
_log = logging.getLogger(__name__)


class RdsDialect(Protocol):
    """What an encoder understands."""

    def group(self, group: Group) -> Question[None]:
        """Send one group at the next chance."""

    def identity(self) -> list[Question[None]]:
        """Tell the encoder who the station is."""

    def answers(self) -> bool:
        """Whether the encoder confirms what it is told."""

    def announces(self) -> bool:
        """Whether :meth:`identity` announces the application by itself."""


class RdsEncoder:
    """See ``interface.Encoder``: groups in whole rounds of repeats, silence in the audio meanwhile."""

    def __init__(self, settings: RdsSettings, owner: PortOwner, dialect: RdsDialect) -> None:
        self._s = settings
        self._owner = owner
        self._dialect = dialect
        self._counter = 0
        self._slot_s = GROUP_S / settings.share
        owner.submit(patiently(self._introduce)).add_done_callback(_note)
        self._since_call_s = 0.0
        self._sustaining: deque[Group] = deque()

    def open(self, calls: Sequence[Call]) -> Iterator[bytes]:
        """Hand over the opening groups; raises ``DeviceError`` when the encoder does not take one."""
        return self._send(self._rounds(calls, self._s.open_action))

    def close(self, calls: Sequence[Call]) -> Iterator[bytes]:
        """Hand over the closing groups likewise."""
        return self._send(self._rounds(calls, self._s.close_action))

    def greet(self) -> bool:
        """Tell the encoder who the station is; return whether it confirmed that. Raises ``DeviceError``."""
        self._owner.ask(self._introduce)
        return self._dialect.answers()

    def seconds(self, calls: Sequence[Call]) -> float:
        """Return how long either takes, to the last group in the air."""
        return self._blocks(self._count(calls)) * _BLOCK_S

    def sustain(self, calls: Sequence[Call], blocks: int) -> None:
        """Call what is open again every ``keep_alive_s``, one group a slot; a failure is only written down."""
        self._since_call_s += blocks * _BLOCK_S
        if self._s.keep_alive_s and self._since_call_s >= self._s.keep_alive_s and not self._sustaining:
            self._sustaining.extend(self._groups(calls, self._s.open_action) * _ROUNDS_TO_BE_BELIEVED)
            self._since_call_s = 0.0
        if self._sustaining and self._since_call_s >= self._slot_s:
            self._since_call_s -= self._slot_s
            self._owner.submit(self._dialect.group(self._sustaining.popleft()).ask).add_done_callback(_note)

    def _groups(self, calls: Sequence[Call], action: int) -> list[Group]:
        self._counter += 1
        return [
            call_group(
                self._s,
                address=self._s.all_code if call.reach is Reach.ALL else int(call.code),
                action=action,
                level=(self._s.level if call.reach is Reach.ALL else call.level),
                counter=self._counter,
            )
            for call in calls
        ]

    def _rounds(self, calls: Sequence[Call], action: int) -> list[Group]:
        if not calls:
            return []
        first = [] if self._dialect.announces() else [announcement(self._s)]
        return first + self._groups(calls, action) * self._s.repeats

    def _count(self, calls: Sequence[Call]) -> int:
        return len(calls) * self._s.repeats + (not self._dialect.announces()) if calls else 0

    def _blocks(self, groups: int) -> int:
        return -int(-((groups + 1) * self._slot_s + _WIRE_S) // _BLOCK_S) if groups else 0

    def _send(self, groups: list[Group]) -> Iterator[bytes]:
        if not groups:
            return
        self._sustaining.clear()
        self._since_call_s = 0.0
        waiting: deque[Future[None]] = deque()
        if not self._dialect.answers():  # it may have been without power meanwhile, and have forgotten who it is
            waiting.append(self._owner.submit(self._introduce))
        sent = 0
        for block in range(self._blocks(len(groups))):
            while sent < len(groups) and block * _BLOCK_S >= sent * self._slot_s:
                waiting.append(self._owner.submit(self._delivery(groups[sent])))
                sent += 1
            while waiting and waiting[0].done():
                waiting.popleft().result()
            yield SILENCE
        yield from silence_until(waiting, self._owner.port)

    def _delivery(self, group: Group) -> Callable[[SerialPort], None]:
        question = self._dialect.group(group)

        def deliver(port: SerialPort) -> None:
            try:
                question.ask(port)
            except (NoReplyError, BadReplyError):  # noise; or it had no power for a while, and forgot everything
                self._introduce(port)
                question.ask(port)

        return deliver

    def _introduce(self, port: SerialPort) -> None:
        for question in self._dialect.identity():
            question.ask(port)


def _note(sent: Future[None]) -> None:
    error = sent.exception()
    if isinstance(error, BroadcasterError):
        _log.warning("the RDS encoder did not take what it was told: %s", error)
