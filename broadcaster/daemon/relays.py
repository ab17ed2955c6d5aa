"""The relays of the configuration: how long one lasts, its sound for the player, which one sounds now."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Protocol

from broadcaster.clock import Clock
from broadcaster.config.findings import did_you_mean
from broadcaster.config.relays import RelaySettings, bound
from broadcaster.config.settings import AUDIO, Settings
from broadcaster.errors import RefusedError, SoundError, UsageError
from broadcaster.model.broadcast import Broadcast
from broadcaster.model.relay import CONNECTS_S, Relay
from broadcaster.sound.goal import Target
from broadcaster.sound.library import Library
from broadcaster.sound.relay.line import Line
from broadcaster.sound.relay.source import Frame, RelaySource
from broadcaster.sound.relay.telling import rung_name
from broadcaster.sound.source import FileSource
from broadcaster.words import Sentence

_WAITS_S = 600.0
"""What a broadcast may wait for its turn with its sources connected."""


class Faults(Protocol):
    """See ``daemon.bus``."""

    def fault(self, kind: str, sentence: Sentence, *, momentary: bool = False) -> None:
        """Something is wrong; ``momentary``: and over already."""

    def well(self, kind: str) -> None:
        """What ``kind`` named is well again."""

    def past(self, kind: str) -> None:
        """What ``kind`` named matters no more."""


class Relays:
    """The one place that tells a relay from a sound of the library."""

    def __init__(self, settings: Settings, library: Library, faults: Faults, clock: Clock) -> None:
        """``faults`` is quick and never raises: it is called between two blocks."""
        self._by_name = {one.name: one for one in settings.relay}
        self._settings = settings
        self._library = library
        self._faults = faults
        self._clock = clock
        self._lock = threading.Lock()
        self._now: dict[str, tuple[RelaySettings, RelaySource]] = {}

    def seconds(self, sound: str) -> float | None:
        """Return how long a relay lasts, chimes included; ``None``: it is none. Raises as :meth:`source` does."""
        if (relay := Relay.of(sound)) is None:
            return None
        self._known(relay)
        return relay.minutes * 60 + sum(FileSource(AUDIO / name).seconds for name in self._chimes) + 0.1

    def source(self, broadcast: Broadcast) -> RelaySource | None:
        """Connect, if it is a relay.

        Raises ``UsageError`` when it is not in the configuration any more, ``RefusedError`` when it comes from
        elsewhere than when it was asked for and approved.
        """
        if (relay := Relay.of(broadcast.sound)) is None:
            return None
        settings = self._known(relay)
        opening, closing = (b"".join(FileSource(AUDIO / name)) for name in self._chimes)
        file = self._file(settings)
        needed_s = relay.minutes * 60 + CONNECTS_S + _WAITS_S
        source = RelaySource(
            settings,
            relay.minutes,
            [_line(settings, feed, needed_s) for feed in settings.feeds],
            file,
            Frame(opening, closing, Target.of(self._settings.sound)),
            tell=partial(self._told, settings),
            monotonic=self._clock.monotonic,
        )
        with self._lock:
            before, self._now[broadcast.id] = self._now.get(broadcast.id), (settings, source)
        if before is not None:  # nobody would let go of it any more
            before[1].close()
        return source

    def forget(self, broadcast_id: str) -> None:
        """It has ended, or will not sound: let go of its sources."""
        with self._lock:
            known = self._now.pop(broadcast_id, None)
        if known is not None:
            known[1].close()
            for rung in range(len(known[0].feeds)):
                self._faults.past(f"relay {known[0].name} {rung}")

    def close(self) -> None:
        """Let go of everything."""
        for broadcast_id in list(self._now):
            self.forget(broadcast_id)

    def status(self) -> list[dict[str, object]]:
        """Return what is connected or sounds, and from where: ``rung`` 0 is the first of its sources."""
        with self._lock:
            return [
                {
                    "id": key,
                    "name": one.name,
                    "title": one.title,
                    "rung": source.rung,
                    "from": rung_name(one, source.rung).as_json(),
                }
                for key, (one, source) in self._now.items()
            ]

    def _told(self, settings: RelaySettings, rung: int, why: Sentence | None) -> None:
        """A fault stands while its source is not gone back to, or the relay is over; closing down wants a person."""
        if why is not None:
            closed = rung > len(settings.feeds)
            self._faults.fault(f"relay {settings.name} {rung}", why, momentary=closed)
            return
        for better in range(rung, len(settings.feeds)):
            self._faults.well(f"relay {settings.name} {better}")

    @property
    def _chimes(self) -> tuple[str, str]:
        return self._settings.sound.opening_chime, self._settings.sound.closing_chime

    def _known(self, relay: Relay) -> RelaySettings:
        if (known := self._by_name.get(relay.name)) is None:
            hint = did_you_mean(relay.name, self._by_name) if self._by_name else Sentence("none is set up")
            raise UsageError(Sentence("There is no relay {name}; {hint}", name=relay.name, hint=hint))
        if bound(relay, [known], AUDIO) != relay:
            told = Sentence("The relay {title} comes from elsewhere now: save the bulletin anew.", title=known.title)
            raise RefusedError(told)
        return known

    def _file(self, settings: RelaySettings) -> Iterable[bytes] | None:
        """The file in reserve is decoded in a child as any other; without it the ladder is shorter."""
        if not settings.fallback:
            return None
        try:
            return FileSource(self._library.path(self._whole(AUDIO / settings.fallback)))
        except SoundError as error:
            self._faults.fault(f"relay {settings.name} file", error.sentence, momentary=True)
            return None

    def _whole(self, path: Path) -> str:
        """What was altered in the library since it was taken in is taken in anew."""
        longest_s = self._settings.rules.longest_broadcast_min * 60
        taken_in = self._library.ingest(path, title=path.stem, longest_s=longest_s).id
        try:
            return self._library.whole(taken_in)
        except SoundError:
            self._library.discard(taken_in)
            return self._library.whole(self._library.ingest(path, title=path.stem, longest_s=longest_s).id)


def _line(settings: RelaySettings, feed: str, seconds: float) -> Line:
    if settings.input == "stream":
        return Line("broadcaster.sound.relay.receive", feed, seconds=seconds)
    return Line("broadcaster.sound.relay.capture", settings.input, feed, seconds=seconds)
