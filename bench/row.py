"""One line of the table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A figure of ours beside one of a peer; ``None`` where there is none, the reason in ``note``."""

    name: str
    ours: float | None
    peer: float | None
    unit: str
    note: str = ""
