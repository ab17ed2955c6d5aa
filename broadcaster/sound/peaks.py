"""True peaks of a canonical file, block by block: kept beside it when it is prepared, else measured."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from broadcaster.model.pcm import RATE
from broadcaster.sound import wav
from broadcaster.sound.levels import BLOCK, Floats
from broadcaster.sound.true_peak import TruePeak

_FULL_SCALE = np.float32(1 / 32768)


def beside(path: Path) -> Path:
    """Return where the peaks of a file are kept."""
    return path.with_suffix(".npy")


def of_file(path: Path) -> Floats:
    """Return one peak (1.0 at full scale) for each block, begun ones too. Raises ``SoundError``."""
    blocks = -(-wav.samples(path) // BLOCK)
    try:
        kept = np.load(beside(path), allow_pickle=False)
    except (OSError, ValueError, EOFError):
        kept = np.zeros(0, np.float32)
    if kept.shape == (blocks,) and kept.dtype == np.float32:
        return np.asarray(kept, np.float32)
    return _measured(path)


def _measured(path: Path) -> Floats:
    meter, found = TruePeak(), []
    for pcm in wav.windows(path, RATE):
        sound = np.frombuffer(pcm, "<i2") * _FULL_SCALE
        found.append(meter.add(np.pad(sound, (0, -len(sound) % BLOCK))))
    return np.concatenate(found)
