"""Could this sound be that text? A broken voice ends well and hands over silence.

Tried with piper-tts 1.8.0: a model whose last layer is zero, not a number, or partly random, exits with status 0
and a WAV file of the right length in which every sample is 0.
"""

from __future__ import annotations

from collections.abc import Mapping

FASTEST_S = 0.02
"""Seconds a letter or digit. Measured: joe 0.055, espeak-ng in Vietnamese 0.07."""
SLOWEST_S, GRACE_S = 1.0, 3.0
"""A digit may be several words."""
QUIETEST_DBFS = -40.0
"""Peak. Measured: joe −8, espeak-ng −6."""


def plausible(letters: int, seconds: float, peak_dbfs: float | None, *, speed: float = 1.0) -> bool:
    """Tell whether ``letters`` letters and digits may last ``seconds`` and reach that peak."""
    shortest, longest = letters * FASTEST_S / speed, letters * SLOWEST_S / speed + GRACE_S
    return shortest <= seconds <= longest and peak_dbfs is not None and peak_dbfs >= QUIETEST_DBFS


def plausible_whole(text: str, measured: Mapping[str, float | None], *, speed: float = 1.0) -> bool:
    """Tell whether what ``canonical.store`` measured may be all of the text."""
    letters = sum(c.isalnum() for c in text)
    return plausible(letters, measured["duration_s"] or 0.0, measured["peak_dbfs"], speed=speed)
