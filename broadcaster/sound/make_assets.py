"""Makes the sound assets: ``python -m broadcaster.sound.make_assets [FOLDER]``, by default in ``audio/``."""

from __future__ import annotations

import sys
from pathlib import Path

from broadcaster.config.settings import AUDIO
from broadcaster.sound import signals, wav

ASSETS = {
    "chime-open.wav": signals.opening_chime,
    "chime-close.wav": signals.closing_chime,
    "signature.wav": signals.signature,
    "siren.wav": signals.siren,
}


def make(folder: Path) -> None:
    """Write every asset into ``folder``, the same bytes each time. Raises ``OSError``."""
    for name, signal in ASSETS.items():
        with wav.writer(folder / name) as file:
            file.writeframes(signal())


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else AUDIO)
