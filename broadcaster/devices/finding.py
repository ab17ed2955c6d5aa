"""What was found out about a device, for people."""

from __future__ import annotations

from dataclasses import dataclass

from broadcaster.words import Sentence


@dataclass(frozen=True)
class Finding:
    """``ok`` is ``None`` for what is only told."""

    ok: bool | None
    sentence: Sentence
