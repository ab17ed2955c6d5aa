"""What every section of ``clusters.toml`` has in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

SIMULATED = "simulated"
"""The port or output that leads to the simulated station."""

Text = Annotated[str, Field(min_length=1)]
Port = Text
"""``simulated``, a name under ``/dev/serial/by-id/``, or a URL: ``rfc2217://host:port``, ``socket://host:port``."""
Word = Annotated[int, Field(ge=0, le=0xFFFF)]


class Section(BaseModel):
    """A section of the file: unknown keys are faults, values do not change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
