"""From settings to the sound output."""

from __future__ import annotations

from broadcaster.config.settings import Settings
from broadcaster.home import Home
from broadcaster.sound.card import SoundCard
from broadcaster.sound.interface import AudioOutput
from broadcaster.sound.simulated_air import SimulatedAir


def output(settings: Settings, home: Home) -> AudioOutput:
    """Return the configured output; it is opened with the first block."""
    kind = settings.sound.output
    if kind == "simulated":
        return SimulatedAir(home.run / "air.sock", within_s=0.8)
    return SoundCard(settings.sound.device, null=kind == "null")
