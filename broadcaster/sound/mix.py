"""What a broadcast's mix is made of, and how long it gets. Light: the daemon knows this much of mixing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from broadcaster.model.pcm import RATE
from broadcaster.sound import wav

WINDOW = 5 * RATE
"""Samples mixed at a time."""
PAUSE = 3 * RATE // 10
"""Samples of silence between a chime and a bulletin without a bed."""
LEAD = RATE
"""Samples for which a bed plays alone before and after the bulletin."""

Part = Path | int
"""A canonical WAV file, or so many samples of silence."""


@dataclass(frozen=True)
class Mix:
    """The parts of a broadcast's sound, in their order.

    ``bed`` is music that loops under all of ``parts``, ``duck_db`` lower than where it plays alone. ``signature`` is
    the station's tune, before the opening chime.
    """

    opening: Path
    parts: tuple[Part, ...]
    closing: Path
    bed: Path | None = None
    duck_db: float = 12.0
    peak_dbtp: float = -1.5
    signature: Path | None = None

    @property
    def head(self) -> tuple[Part, ...]:
        """What comes before the bulletin and its bed."""
        return (self.opening,) if self.signature is None else (self.signature, self.opening)

    @property
    def sequence(self) -> tuple[Part, ...]:
        """Everything but the bed: each part begins with the sample after the last one before."""
        gap = PAUSE if self.bed is None else LEAD
        return (*self.head, gap, *self.parts, gap, self.closing)

    @property
    def longest_pause_s(self) -> float:
        """Return how long it is silent on purpose, at most."""
        return max(part for part in (PAUSE, *self.parts) if isinstance(part, int)) / RATE

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that the mix is made of."""
        return tuple(one for one in (*self.sequence, self.bed) if isinstance(one, Path))

    def as_json(self) -> dict[str, Any]:
        """For another process."""
        written: dict[str, Any] = _plain(asdict(self))
        return written

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> Mix:
        """Return what :meth:`as_json` has written."""
        parts = tuple(one if isinstance(one, int) else Path(one) for one in written["parts"])
        paths = {name: Path(written[name]) for name in ("opening", "closing", "bed", "signature") if written[name]}
        return cls(**paths, parts=parts, duck_db=written["duck_db"], peak_dbtp=written["peak_dbtp"])


def samples(mix: Mix) -> int:
    """Return the exact length of the mix in samples, without rendering it. Raises ``SoundError``."""
    if mix.bed is not None:
        wav.samples(mix.bed)
    return length(mix.sequence)


def length(parts: tuple[Part, ...]) -> int:
    """Return how many samples some parts have together. Raises ``SoundError``."""
    known = {part: wav.samples(part) for part in set(parts) if isinstance(part, Path)}
    return sum(known[part] if isinstance(part, Path) else part for part in parts)


def seconds(mix: Mix) -> float:
    """Return the exact length of the mix in seconds, without rendering it. Raises ``SoundError``."""
    return samples(mix) / RATE


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Path) else value
