"""How far a state is known: four different claims, never mixed."""

from __future__ import annotations

from enum import StrEnum


class Evidence(StrEnum):
    """From weakest to strongest."""

    COMMANDED = "commanded"
    """The command went out; nothing came back (an FM cluster cannot answer)."""
    ACKNOWLEDGED = "acknowledged"
    """The device itself reported the state when asked."""
    VERIFIED = "verified"
    """Heard off the air."""
    CONFIRMED = "confirmed"
    """A person said so."""
