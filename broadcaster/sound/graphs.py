"""Chains of libavfilter's filters, fed and emptied by the second: few calls, because each costs more than its sound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import av
import av.error
import av.filter
import numpy as np

from broadcaster.model.pcm import RATE
from broadcaster.sound.levels import Floats

Filter = tuple[str, str]
_AT_ONCE = 32
"""Frames pushed before anything is pulled."""
_HISS = np.random.default_rng(1770).normal(0, 1e-7, RATE).astype(np.float32)
"""At -140 dBFS: after digital silence recursive filters would crawl through denormal numbers, five times as slow."""
# ITU-R BS.1770-5, annex 1, tables 1 and 2: the coefficients for 48 kHz
K_WEIGHTING: Sequence[Filter] = (
    (
        "biquad",
        "b0=1.53512485958697:b1=-2.69169618940638:b2=1.19839281085285:a0=1:a1=-1.69065929318241:a2=0.73248077421585",
    ),
    ("biquad", "b0=1:b1=-2:b2=1:a0=1:a1=-1.99004745483398:a2=0.99007225036621"),
)


def horn_band(low_hz: float = 150, high_hz: float = 7000) -> Sequence[Filter]:
    """Return what a horn can sound: Linkwitz-Riley edges, 24 dB an octave."""
    return (("highpass", f"f={low_hz}"),) * 2 + (("lowpass", f"f={high_hz}"),) * 2


class Chain:
    """Filters for mono float sound at ``RATE``; gives back as many samples as it gets, a second at most."""

    def __init__(self, filters: Sequence[Filter]) -> None:
        self._graph = _linked(filters, (RATE, "fltp", "mono"))

    def through(self, sound: Floats) -> Floats:
        """Return the filtered sound."""
        sound = sound + _HISS[: len(sound)]
        frame = av.AudioFrame.from_ndarray(sound.reshape(1, -1), format="fltp", layout="mono")
        frame.sample_rate = RATE
        self._graph.push(frame)
        return np.concatenate(list(_pulled(self._graph)))


def seconds(frames: Iterable[av.AudioFrame]) -> Iterator[Floats]:
    """Yield decoded sound as mono float at ``RATE``, a second at a time. Rate and form may change on the way."""
    form: tuple[int, str, str] | None = None
    graph: av.filter.Graph | None = None
    waiting = 0
    for frame in frames:
        found = (frame.sample_rate, frame.format.name, frame.layout.name)
        if graph is None or found != form:
            yield from _rest(graph)
            graph, form = _linked(_CANONICAL, found), found
        graph.push(frame)
        waiting = (waiting + 1) % _AT_ONCE
        if waiting == 0:
            yield from _pulled(graph)
    yield from _rest(graph)


_CANONICAL: Sequence[Filter] = (
    ("aresample", str(RATE)),
    ("aformat", "sample_fmts=fltp:channel_layouts=mono"),
    ("asetnsamples", f"n={RATE}:p=0"),
)


def _rest(graph: av.filter.Graph | None) -> Iterator[Floats]:
    if graph is not None:
        graph.push(None)
        yield from _pulled(graph)


def _linked(filters: Sequence[Filter], form: tuple[int, str, str]) -> av.filter.Graph:
    graph = av.filter.Graph()
    graph.threads = 1
    last = graph.add_abuffer(sample_rate=form[0], format=form[1], layout=form[2])
    for name, arguments in (*filters, ("abuffersink", "")):
        made = graph.add(name, arguments) if arguments else graph.add(name)
        last.link_to(made)
        last = made
    graph.configure()
    return graph


def _pulled(graph: av.filter.Graph) -> Iterator[Floats]:
    while True:
        try:
            frame = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        yield np.asarray(frame.to_ndarray(), np.float32).reshape(-1)
