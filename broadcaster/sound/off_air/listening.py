"""Both streams, what was sent and what was heard, as far as they have come."""

from __future__ import annotations

from broadcaster.config.monitor import MonitorSettings
from broadcaster.model.pcm import BLOCK_BYTES, RATE, SAMPLE_BYTES
from broadcaster.sound.off_air.carrier import HALF, Channel, Hears
from broadcaster.sound.off_air.codes import CodeEar
from broadcaster.sound.off_air.spectrum import rows
from broadcaster.sound.off_air.track import Track

CLIP_S = 12
_CLIP_BYTES = CLIP_S * RATE * SAMPLE_BYTES


class Listening:
    """One thread hands in what has come, in pieces of any size."""

    def __init__(self, settings: MonitorSettings, gap_ms: int | None) -> None:
        """``gap_ms`` is the pause between the digits of our codes, where they are tones."""
        self.channel = Channel(settings)
        self.sent, self.heard = Track(), Track()
        self.sent_codes: set[str] = set()
        self.heard_codes: set[str] = set()
        self.lately = bytearray()
        """What was heard in the last seconds, as PCM."""
        self._ears = (CodeEar(gap_ms), CodeEar(gap_ms)) if gap_ms else None
        self._rest = b""
        self._looked = 0

    def send(self, block: bytes, at: float) -> None:
        """This was handed to the output at the second ``at`` of the steady clock."""
        self.sent.add(rows(block), at)
        if self._ears:
            self.sent_codes.update(self._ears[0].hear(block))

    def hear(self, pcm: bytes, at: float, *, codes: bool = True) -> None:
        """This was heard until the second ``at``; ``codes``: ours may be among it."""
        self.lately += pcm
        del self.lately[:-_CLIP_BYTES]
        pcm = self._rest + pcm
        whole = len(pcm) // BLOCK_BYTES * BLOCK_BYTES
        self._rest = pcm[whole:]
        self.heard.add(rows(pcm[:whole]), at)
        if self._ears and codes:
            self.heard_codes.update(self._ears[1].hear(pcm[:whole]))

    def halves(self, *, closed: bool) -> list[Hears]:
        """Return what the halves of a second are that have come since the last call; ``closed``: our carrier is off."""
        found = []
        self._looked = max(self._looked, self.heard.end - 4 * HALF)
        while self.heard.end >= self._looked + HALF:
            half = self.heard.read(self._looked, HALF)
            self._looked += HALF
            if closed:
                self.channel.learn(half)
            found.append(self.channel.hears(half))
        return found

    def take_codes(self) -> tuple[set[str], set[str]]:
        """Return the codes sent and heard since the last call."""
        told = self.sent_codes, self.heard_codes
        self.sent_codes, self.heard_codes = set(), set()
        return told
