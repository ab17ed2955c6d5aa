"""Mixes a bulletin: opening chime, speech over an optional ducked music bed, closing chime.

The mix is made in windows of a few seconds, so that its memory does not grow with the bulletin's length.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from broadcaster.model.pcm import RATE, SAMPLE_BYTES
from broadcaster.sound import wav

WINDOW = 5 * RATE
"""Samples mixed at a time."""
PAUSE = 3 * RATE // 10
"""Samples of silence between a chime and a bulletin without a bed."""
LEAD = RATE
"""Samples for which a bed plays alone before and after the bulletin."""


@dataclass(frozen=True)
class Mix:
    """The parts of a broadcast's sound: paths of canonical WAV files.

    ``bed`` is music that loops under the bulletin, ``duck_db`` lower than where it plays alone.
    """

    opening: Path
    bulletin: Path
    closing: Path
    bed: Path | None = None
    duck_db: float = 12.0


def samples(mix: Mix) -> int:
    """Return the exact length of the mix in samples, without rendering it. Raises ``SoundError``."""
    if mix.bed is not None:
        wav.samples(mix.bed)
    parts = sum(wav.samples(part) for part in (mix.opening, mix.bulletin, mix.closing))
    return parts + 2 * (PAUSE if mix.bed is None else LEAD)


def seconds(mix: Mix) -> float:
    """Return the exact length of the mix in seconds, without rendering it. Raises ``SoundError``."""
    return samples(mix) / RATE


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

        yield from over_bed(mix.bulletin, mix.bed, mix.duck_db)
    yield from wav.windows(mix.closing, WINDOW)
