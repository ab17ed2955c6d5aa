"""What can befall a stream, heard by a relay in real time: killed, frozen, silent, stuttering.

``python -m tests.end_to_end.relay_courses`` prints the longest gap of each, and what was told.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

import numpy as np

from broadcaster.config.relays import RelaySettings
from broadcaster.model.pcm import BLOCK, RATE
from broadcaster.sound.goal import USUAL
from broadcaster.sound.relay.line import Line
from broadcaster.sound.relay.source import Feed, Frame, RelaySource
from broadcaster.words import Sentence
from tests.streams import Icecast, Playlist, Wire, icecast, playlist

FIRST, SECOND = 440, 1000
LIMIT_S = 2
SETTINGS = RelaySettings(
    name="vov1", title="VOV1", addresses=("a", "b"), silent_after_s=LIMIT_S, stalled_after_s=LIMIT_S, back_after_s=60
)
_CONNECTS_S = 8
_BEFALLS_AFTER_S = 1
_MINUTES = 0.4
_SLOW = 10_000
"""Bytes a second: the streams have 16,000."""

Stream = Icecast | Playlist
_KINDS: dict[str, Callable[[int], object]] = {"icecast": icecast, "hls": playlist}
_BEFALLS: dict[str, Callable[[Stream, Wire], None]] = {
    "killed": lambda stream, _: stream.kill(),
    "frozen": lambda stream, _: stream.freeze(),
    "silent": lambda stream, _: stream.feed(-80),
    "stutters": lambda _, wire: setattr(wire, "pace", _SLOW),
}
COURSES = [f"{kind} {what}" for kind in _KINDS for what in _BEFALLS]


class Sound:
    """A second source that is always well."""

    def __init__(self) -> None:
        wave = 6000 * np.sin(2 * np.pi * SECOND / RATE * np.arange(BLOCK))  # whole periods in a block
        self._block = np.rint(wave).astype("<i2").tobytes()

    def take(self) -> tuple[bytes, bool]:
        return self._block, True

    def close(self) -> None:
        pass


@dataclass
class Heard:
    """What went on air of one course, and what the log book was told."""

    sound: np.ndarray
    told: list[str]

    @property
    def longest_gap_s(self) -> float:
        """Return the longest time in which nothing sounded."""
        loud = np.flatnonzero(np.abs(self.sound) > 0.01) / RATE
        return float(np.diff(loud, prepend=0).max())


def heard(course: str) -> Heard:
    """Go through one course."""
    kind, what = course.split(" ")
    told: list[Sentence | None] = []
    with _stream(kind) as stream, closing(Wire(stream.port)) as wire:
        address = stream.address.replace(str(stream.port), str(wire.port))
        feeds: list[Feed] = [Line("broadcaster.sound.relay.receive", address, seconds=90), Sound()]
        source = RelaySource(
            SETTINGS,
            _MINUTES,
            feeds,
            None,
            Frame(b"", b"", USUAL),
            tell=lambda _, why: told.append(why),
            monotonic=time.monotonic,
        )
        time.sleep(_CONNECTS_S)
        sound = _in_real_time(source, lambda: _BEFALLS[what](stream, wire))
    return Heard(sound, [one.to("en") if one else "well again" for one in told])


def all_heard() -> dict[str, Heard]:
    """Go through all of them at the same time."""
    with ThreadPoolExecutor(len(COURSES)) as pool:
        return dict(zip(COURSES, pool.map(heard, COURSES), strict=True))


@contextmanager
def _stream(kind: str) -> Iterator[Stream]:
    with ExitStack() as stack:
        yield stack.enter_context(_KINDS[kind](FIRST))  # type: ignore[arg-type]


def _in_real_time(source: RelaySource, befalls: Callable[[], None]) -> np.ndarray:
    blocks, began = [], time.monotonic()
    for number, block in enumerate(source):
        blocks.append(block)
        if number == round(_BEFALLS_AFTER_S * RATE / BLOCK):
            befalls()
        time.sleep(max(0.0, began + number * BLOCK / RATE - time.monotonic()))
    return np.frombuffer(b"".join(blocks), "<i2") / 32768


if __name__ == "__main__":
    for name, found in all_heard().items():
        sys.stdout.write(f"{name:18} longest gap {found.longest_gap_s:5.2f} s   {' '.join(found.told)}\n")
