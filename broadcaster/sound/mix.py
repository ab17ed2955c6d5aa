"""What a bulletin's mix is made of, and how long it gets. Light: the daemon knows this much of mixing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from broadcaster.config.settings import AUDIO, SoundSettings
from broadcaster.model.pcm import RATE
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
    peak_dbtp: float = -1.5

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that the mix is made of."""
        return tuple(path for path in (self.opening, self.bulletin, self.closing, self.bed) if path is not None)


def samples(mix: Mix) -> int:
    """Return the exact length of the mix in samples, without rendering it. Raises ``SoundError``."""
    if mix.bed is not None:
        wav.samples(mix.bed)
    parts = sum(wav.samples(part) for part in (mix.opening, mix.bulletin, mix.closing))
    return parts + 2 * (PAUSE if mix.bed is None else LEAD)


def framed(settings: SoundSettings, bulletin: Path) -> Mix:
    """Return what a broadcast of a bulletin is made of, by the configuration."""
    return Mix(
        opening=AUDIO / settings.opening_chime,
        bulletin=bulletin,
        closing=AUDIO / settings.closing_chime,
        bed=AUDIO / settings.bed if settings.bed else None,
        duck_db=settings.duck_db,
        peak_dbtp=settings.true_peak_dbtp,
    )


def seconds(mix: Mix) -> float:
    """Return the exact length of the mix in seconds, without rendering it. Raises ``SoundError``."""
    return samples(mix) / RATE
