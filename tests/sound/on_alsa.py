"""One whole broadcast through ALSA, in a process of its own: ``python -m tests.sound.on_alsa FOLDER``."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

from broadcaster.clock import SystemClock
from broadcaster.model.broadcast import Broadcast
from broadcaster.playout.orders import Orders
from broadcaster.playout.programme import Item
from broadcaster.sound.card import SoundCard
from broadcaster.sound.source import MemorySource
from tests.playout.rig import CLUSTER, playing
from tests.sound.sounds import noise


def main(folder: Path) -> None:
    """Play noise with a second of silence in it, from carrier on to carrier off."""
    sound = noise(3 * 48_000) + bytes(2 * 48_000) + noise(48_000, seed=2)
    orders = Orders()
    with closing(SoundCard()) as card, playing(folder, orders, card, SystemClock()) as on_air:
        orders.submit(Item(Broadcast("one", "one", CLUSTER), MemorySource(sound)))
        assert on_air.wait(20)
        while orders.in_hand is not None:
            orders.pause(0.05)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
