"""Mixes a bulletin: opening chime, speech over an optional ducked music bed, closing chime.

The mix is made in windows of a few seconds, so that its memory does not grow with the bulletin's length. Runs in
the child process of :mod:`broadcaster.sound.render`.
"""

from __future__ import annotations

from collections.abc import Iterator

from broadcaster.model.pcm import SAMPLE_BYTES
from broadcaster.sound import wav
from broadcaster.sound.mix import PAUSE, WINDOW, Mix


def mixed(mix: Mix) -> Iterator[bytes]:
    """Yield the mix as canonical PCM in pieces of ``WINDOW`` samples or fewer. Raises ``SoundError``.

    Without a bed every part is passed on bit for bit.
    """
    yield from wav.windows(mix.opening, WINDOW)
    if mix.bed is None:
        yield bytes(PAUSE * SAMPLE_BYTES)
        yield from wav.windows(mix.bulletin, WINDOW)
        yield bytes(PAUSE * SAMPLE_BYTES)
    else:
        from broadcaster.sound.bed import over_bed  # pydub is loaded where it is used only

        yield from over_bed(mix.bulletin, mix.bed, mix.duck_db, mix.peak_dbtp)
    yield from wav.windows(mix.closing, WINDOW)
