"""Mixes a broadcast: signature, chime, everything that is spoken over an optional ducked bed, chime.

The mix is made in windows of a few seconds, so that its memory does not grow with the bulletin's length. Runs in
the child process of :mod:`broadcaster.sound.render`.
"""

from __future__ import annotations

from collections.abc import Iterator

from broadcaster.model.pcm import SAMPLE_BYTES
from broadcaster.sound.limiter import Limiter, scaled
from broadcaster.sound.mix import WINDOW, Mix
from broadcaster.sound.run import Run


def mixed(mix: Mix) -> Iterator[bytes]:
    """Yield the mix as canonical PCM in pieces of ``WINDOW`` samples or fewer. Raises ``SoundError``.

    Without a bed every part is passed on bit for bit, unless it would exceed the peak.
    """
    run = Run(mix.sequence)
    if mix.bed is not None:
        from broadcaster.sound.bed import over_bed  # pydub is loaded where it is used only

        yield from over_bed(mix, mix.bed, run)
        return
    limiter, place = Limiter(run.peaks(), mix.peak_dbtp), 0
    while pcm := run.read(WINDOW):
        length = len(pcm) // SAMPLE_BYTES
        yield scaled(pcm, limiter.gains(place, length))
        place += length
