"""Wired clusters, each behind a contact of the relay board: the code of a cluster is its channel."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future

from broadcaster.devices.dialects import Dialect
from broadcaster.devices.lane import PortOwner, patiently
from broadcaster.devices.port import SerialPort
from broadcaster.devices.waiting import silence_until
from broadcaster.errors import ReadBackError
from broadcaster.model.cluster import Call
from broadcaster.model.pcm import BLOCK, RATE, SILENCE
from broadcaster.words import Sentence

CONTACT_S = 0.1
"""Time allowed for each contact to be switched and read back."""
_CONTACT_BLOCKS = round(CONTACT_S * RATE / BLOCK)


class ZoneEncoder:
    """See ``interface.Encoder``: contacts move while silence is on the air."""

    def __init__(self, owner: PortOwner, dialect: Dialect) -> None:
        self._owner = owner
        self._dialect = dialect

    def open(self, calls: Sequence[Call]) -> Iterator[bytes]:
        """Close the contacts of these clusters: the horns are connected."""
        return self._switch(calls, on=True)

    def close(self, calls: Sequence[Call]) -> Iterator[bytes]:
        """Open the contacts of these clusters."""
        return self._switch(calls, on=False)

    def seconds(self, calls: Sequence[Call]) -> float:
        """Return how long either takes."""
        return len(calls) * CONTACT_S

    def sustain(self, calls: Sequence[Call], blocks: int) -> None:
        """A contact stays as it was left."""

    def _switch(self, calls: Sequence[Call], *, on: bool) -> Iterator[bytes]:
        """One contact at a time: the key must get its turn in between. One that sticks does not stop the others."""
        wrong: ReadBackError | None = None
        for call in calls:
            waiting: deque[Future[None]] = deque([self._order(int(call.code), on)])
            for _ in range(_CONTACT_BLOCKS):
                yield SILENCE
            try:
                yield from silence_until(waiting, self._owner.port)
            except ReadBackError as error:
                wrong = wrong or error
        if wrong is not None:
            raise wrong

    def _order(self, channel: int, on: bool) -> Future[None]:
        def switch(port: SerialPort) -> None:
            self._dialect.switch(channel, on).ask(port)
            state = self._dialect.state(channel)
            if state is not None and state.ask(port) is not on:
                raise ReadBackError(
                    Sentence("Relay {channel} says OK but does not switch: it may be stuck.", channel=channel)
                )

        return self._owner.submit(patiently(switch))
