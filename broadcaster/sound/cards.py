"""Which sound card is meant, for playing and for recording, through miniaudio."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from miniaudio import Backend

Side = Literal["get_playbacks", "get_captures"]


def chosen(name: str, side: Side, *, null: bool) -> tuple[list[Backend], Any]:
    """Return the backends to try, and which card of theirs: ``None`` for the usual one.

    ``name`` is a part of the card's name, empty for the usual one; ``null`` is the device that runs at a card's pace
    without one. Raises ``LookupError`` when no card has such a name.
    """
    import miniaudio

    kind = miniaudio.Backend
    if null:
        return [kind.NULL], None
    # named one by one, or miniaudio would fall back to its null device and nobody would notice
    backends = [kind.PULSEAUDIO, kind.ALSA, kind.COREAUDIO, kind.WASAPI]
    if not name:
        return backends, None
    for backend in backends:
        with suppress(miniaudio.MiniaudioError):
            for card in getattr(miniaudio.Devices([backend]), side)():
                if name.lower() in card["name"].lower():
                    return [backend], card["id"]
    raise LookupError(name)
