"""The broadcasts that the monitor follows just now, and what it says of each in the end."""

from __future__ import annotations

from typing import Any

from broadcaster.clock import Clock
from broadcaster.config.monitor import MonitorSettings
from broadcaster.daemon.bus import Bus
from broadcaster.daemon.channel import ChannelReports
from broadcaster.daemon.clips import Clips
from broadcaster.daemon.hearing import Hearing
from broadcaster.model.broadcast import ENDS, Broadcast, State
from broadcaster.model.verdict import Verdict
from broadcaster.playout.events import BroadcastHeard, BroadcastMoved
from broadcaster.sound.off_air.judgement import Judgement
from broadcaster.sound.off_air.listening import Listening
from broadcaster.sound.off_air.track import number
from broadcaster.words import Sentence

_NOT_ON_CARRIER = (State.QUEUED, State.PREPARING)


class Verdicts:
    """One thread calls all of it; :attr:`now` and :attr:`last` may be read from any."""

    def __init__(
        self,
        settings: MonitorSettings,
        listening: Listening,
        channel: ChannelReports,
        clips: Clips,
        bus: Bus,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._listening = listening
        self._channel = channel
        self._clips = clips
        self._bus = bus
        self._clock = clock
        self._hearings: list[Hearing] = []
        self.carrier: bool | None = None
        """The key, as last told."""
        self.last: dict[str, Any] | None = None
        """The latest verdict, as ``status`` shows it."""

    @property
    def are_due(self) -> bool:
        """Whether a broadcast is being followed."""
        return bool(self._hearings)

    @property
    def now(self) -> Verdict | None:
        """Whether what is on the carrier is heard just now; ``None`` while nobody knows."""
        current = next((one for one in self._hearings if not one.is_over), None)
        return {True: Verdict.HEARD, False: Verdict.NOT_HEARD, None: None}[current.judgement.now if current else None]

    def key(self, on: bool | None, at: float) -> None:
        """The carrier moved."""
        self.carrier = on
        for hearing in self._hearings:
            hearing.carried = hearing.carried or on is True
            if on is False:
                hearing.end(number(at))

    def move(self, event: BroadcastMoved, at: float) -> None:
        """A broadcast moved."""
        if event.state in _NOT_ON_CARRIER:
            return
        hearing = self._of(event.broadcast, number(at), begin=event.state not in ENDS)
        if hearing is not None and event.state in ENDS:
            hearing.end(number(at))
        elif hearing is not None:
            hearing.enter(event.state)

    def hear(self, pcm: bytes) -> None:
        """This was heard."""
        for hearing in self._hearings:
            hearing.hear(pcm)

    def codes(self, sent: set[str], heard: set[str]) -> None:
        """These codes were sent, and these were heard."""
        for hearing in self._hearings:
            hearing.judgement.heard_codes |= heard
        if self._hearings:
            self._hearings[-1].judgement.sent_codes |= sent

    def look(self) -> None:
        """Judge what can be judged."""
        sent, heard, now = self._listening.sent, self._listening.heard, number(self._clock.monotonic())
        proven = self._listening.channel.is_proven
        for hearing in list(self._hearings):
            if hearing.clip_is_full:
                self._keep(hearing)
            if hearing.can_be_settled(heard, now, proven=proven):
                self._settle(hearing)
            elif not hearing.is_over:
                hearing.judgement.look(sent, heard)
                self._alarm(hearing, hearing.judgement.alarm)

    def settle_all(self) -> None:
        """Nothing more will come: judge by what there is."""
        for hearing in list(self._hearings):
            self._settle(hearing)

    def _of(self, broadcast: Broadcast, at: int, *, begin: bool) -> Hearing | None:
        for hearing in self._hearings:
            if hearing.broadcast.id == broadcast.id:
                return hearing
        if not begin:
            return None
        judgement = Judgement(self._settings, self._listening.channel, at)
        self._hearings.append(Hearing(broadcast, judgement, carried=self.carrier is True))
        return self._hearings[-1]

    def _settle(self, hearing: Hearing) -> None:
        self._hearings.remove(hearing)
        if not hearing.carried:
            return
        hearing.settle(self._listening.sent, self._listening.heard, number(self._clock.monotonic()))
        verdict, why = hearing.judgement.verdict()
        self._keep(hearing)
        if verdict is Verdict.NOT_HEARD:
            self._alarm(hearing, why)
        now = self._clock.now()
        self.last = {
            "id": hearing.broadcast.id,
            "title": hearing.broadcast.title,
            "verdict": verdict,
            "evidence": verdict.evidence,
            "why": why.as_json() if why else None,
            "at": now,
        }
        self._bus.emit(BroadcastHeard(hearing.broadcast.id, verdict, why, now))

    def _alarm(self, hearing: Hearing, why: Sentence | None) -> None:
        if why is not None and not hearing.alarmed:
            hearing.alarmed = True
            told = Sentence("“{title}” is NOT HEARD off the air: {why}.", title=hearing.broadcast.title, why=why)
            self._bus.fault("not heard", told, momentary=True)

    def _keep(self, hearing: Hearing) -> None:
        if hearing.clip and not hearing.clip_kept:
            hearing.clip_kept = True
            self._channel.keep(lambda: self._clips.heard(hearing.broadcast.id, bytes(hearing.clip)))
