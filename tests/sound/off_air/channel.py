"""The way from the transmitter's input to the monitor's sound card, as a model: delay, level, tone and noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from broadcaster.model.pcm import RATE
from tests.sound.off_air.programmes import MEAN_LEVEL, Sound


@dataclass(frozen=True)
class Path:
    """``snr_db`` is that of a programme of ``MEAN_LEVEL``; without a carrier noise is as loud as that."""

    snr_db: float
    delay_s: float = 0.2
    gain_db: float = 0.0
    treble: float = 0.0
    """How much of each sample is left over from the one before: a receiver that sounds dull has more."""
    seed: int = 0

    @classmethod
    def chosen(cls, snr_db: float, seed: int) -> Path:
        """Return one of the many that there are."""
        rng = np.random.default_rng(seed)
        return cls(snr_db, rng.uniform(0.03, 0.45), rng.uniform(-10, 3), rng.uniform(0, 0.35), seed)

    def heard(self, sound: Sound, carrier: NDArrayOfBool) -> Sound:
        """Return what comes of ``sound``, where there is a ``carrier``, and of hiss where there is none."""
        rng = np.random.default_rng(self.seed)
        noise = rng.normal(0, MEAN_LEVEL, len(sound))
        mixed = np.where(carrier, sound + noise * 10 ** (-self.snr_db / 20), noise)
        if self.treble:
            kernel = self.treble ** np.arange(8) * (1 - self.treble)
            mixed = np.convolve(mixed, kernel)[: len(mixed)]
        late = np.concatenate([noise[: int(self.delay_s * RATE)], mixed])[: len(mixed)]
        return np.asarray(late * 10 ** (self.gain_db / 20))


NDArrayOfBool = np.ndarray[tuple[int], np.dtype[np.bool_]]
