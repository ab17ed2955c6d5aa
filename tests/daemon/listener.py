"""A monitor on a clock that is turned by hand, and whole broadcasts that it hears in no time."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from broadcaster.config.loading import settings_of
from broadcaster.config.settings import Settings
from broadcaster.daemon.board import Board
from broadcaster.daemon.bus import Bus
from broadcaster.daemon.clips import Clips
from broadcaster.daemon.journal import Journal
from broadcaster.daemon.off_air import OffAir
from broadcaster.devices.dtmf import DtmfEncoder
from broadcaster.errors import InputError
from broadcaster.model.broadcast import Broadcast, State
from broadcaster.model.evidence import Evidence
from broadcaster.model.pcm import BLOCK_BYTES, RATE
from broadcaster.playout.events import BroadcastMoved, CarrierMoved
from broadcaster.words import Sentence
from tests.clock import HandClock
from tests.people import ground_at
from tests.sound.off_air.channel import Path as Way
from tests.sound.off_air.programmes import Sound, pcm_of, sound_of

SETTINGS = settings_of(
    {
        "station": {"name": "Đài thử"},
        "monitor": {"input": "card"},
        "cluster": [{"number": n, "name": f"Thôn {n}", "code": f"{n:02}"} for n in (1, 2, 3)],
    }
)
_STEP = 25
_BEFORE_S, _AFTER_S, _LEAD_S = 3.0, 3.0, 1.0


class Jack:
    """The input of a sound card, as far as the monitor knows: PCM as it comes, or nothing more when pulled out."""

    def __init__(self) -> None:
        self.pcm = b""
        self.out = False

    def take(self) -> bytes:
        if self.out:
            raise InputError(Sentence("The sound card is gone."))
        pcm, self.pcm = self.pcm, b""
        return pcm

    def close(self) -> None: ...


class Room:
    """A monitor with a real board behind it."""

    def __init__(self, folder: Path, settings: Settings = SETTINGS) -> None:
        self.clock = HandClock()
        self.board = Board(settings)
        self.jack = Jack()
        self.folder = folder
        self.bus = Bus(self.board, Journal(folder / "log", self.clock, lambda: ground_at(0.0)), self.clock)
        self.clips = Clips(folder, 3)
        self.settings = settings
        self.attach()
        self.carrier_at = 0.0
        self.alarm_s: float | None = None
        """How long after its carrier a broadcast was said not to be heard."""

    def attach(self) -> None:
        """Let a new monitor listen from now on."""
        self.monitor = OffAir(self.settings, self.jack, self.clips, self.bus, self.clock)
        self.bus.attach_monitor(self.monitor.told)

    @property
    def faults(self) -> dict[str, str]:
        return {f["kind"]: str(Sentence.from_json(f["sentence"])) for f in self.board.status([])["faults"]}

    def key(self, on: bool) -> None:
        self.bus.emit(CarrierMoved(on, Evidence.ACKNOWLEDGED, self.clock.now()))
        self.carrier_at = self.clock.monotonic()

    def move(self, one: Broadcast, state: State) -> None:
        self.bus.emit(BroadcastMoved(one, state, self.clock.now(), sounded_s=1.0))

    def pass_(self, heard: Sound, sent: Sound | None = None) -> None:
        """Let this be heard, and as long be sent, half a second at a time."""
        pcm, own = pcm_of(heard), pcm_of(sent) if sent is not None else b""
        for start in range(0, len(pcm), _STEP * BLOCK_BYTES):
            for place in range(start, min(start + _STEP * BLOCK_BYTES, len(pcm)), BLOCK_BYTES):
                if own:
                    self.monitor.played(own[place : place + BLOCK_BYTES])
                self.clock.pass_(0.02)
            self.jack.pcm += pcm[start : start + _STEP * BLOCK_BYTES]
            self.monitor.step()
            if self.alarm_s is None and "not heard" in self.faults:
                self.alarm_s = self.clock.monotonic() - self.carrier_at


def broadcast(number: int = 1) -> Broadcast:
    return Broadcast(f"20270101-1200{number % 60:02}-{number:06x}", f"Tin {number}", frozenset([1, 2]))


def sent_of(programme: Sound) -> tuple[Sound, int, int]:
    """Return what is handed over from carrier to carrier's end, in whole blocks, and where the programme lies."""
    encoder, calls = DtmfEncoder(SETTINGS.encoder), SETTINGS.network.calls(frozenset([1, 2]))  # type: ignore[arg-type]
    opening, closing = (sound_of(b"".join(codes)) for codes in (encoder.open(calls), encoder.close(calls)))
    lead = np.zeros(int(_LEAD_S * RATE))
    body = np.concatenate([programme, np.zeros(-len(programme) % 960)])
    begin = len(lead) + len(opening)
    return np.concatenate([lead, opening, body, closing, np.zeros(RATE // 2)]), begin, begin + len(body)


def air(room: Room, one: Broadcast, sent: Sound, carried: Sound | None, way: Way) -> None:
    """Let a broadcast go on air as ``sent``; ``carried`` is what the carrier brings, ``None``: there is no carrier."""
    before, after = (np.zeros(int(s * RATE)) for s in (_BEFORE_S, _AFTER_S))
    brought = np.resize(carried, len(sent)) if carried is not None else np.zeros(len(sent))
    there = np.concatenate([before, np.full(len(sent), carried is not None), after]).astype(np.bool_)
    heard = way.heard(np.concatenate([before, brought, after]), there)
    parts = np.split(heard, [len(before), len(before) + len(sent)])
    room.key(False)
    room.pass_(parts[0])
    room.move(one, State.KEYING)
    room.key(True)
    room.move(one, State.ON_AIR)
    room.pass_(parts[1], sent)
    room.key(False)
    room.move(one, State.COMPLETED)
    room.pass_(parts[2])


def last(room: Room) -> str:
    """Return the verdict on the latest broadcast."""
    found = room.monitor.status()["last"]
    return str(found["verdict"]) if found else "none"
