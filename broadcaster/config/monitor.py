"""``[monitor]``: a receiver on our own frequency that hears what really went on air."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from broadcaster.config.section import Section


class MonitorSettings(Section):
    """Its squelch must be off: hiss without a carrier is how a living receiver is told from a dead one."""

    input: Literal["", "simulated", "card"] = ""
    """``""``: there is none."""
    device: str = ""
    """A part of the sound card's name; empty for the system's default."""
    likeness: float = Field(0.3, gt=0, lt=1)
    """How alike envelopes must be (1 is equal) to be the same sound; other sounds reach 0.25."""
    hiss_db: float = Field(-6, ge=-20, le=0)
    """From here on noise above 7 kHz, against 0.3 to 3 kHz, is the hiss of a receiver without a carrier."""
    quiet_dbfs: float = Field(-50, ge=-65, le=-20)
    """What is softer is no sound."""
    dead_dbfs: float = Field(-75, ge=-100, le=-66)
    """What is softer does not come from a receiver that is on."""
    clips: int = Field(200, ge=0, le=10_000)
    """How many broadcasts' clips are kept, a megabyte each."""
