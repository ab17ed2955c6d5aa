"""Where things lie at run time: everything below ``$BROADCASTER_HOME``, else ``var/``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """The folder that holds all that is written at run time."""

    path: Path

    @classmethod
    def of(cls, environment: Mapping[str, str] = os.environ) -> Home:
        """Return the home that the environment names, ``./var`` when it names none."""
        return cls(Path(environment.get("BROADCASTER_HOME") or "var").absolute())

    def make(self) -> Home:
        """Create the folders; those that exist, or cannot be made, are left alone."""
        for folder in ("library", "voices", "air", "field", "run", "log", "backup"):
            (self.path / folder).mkdir(mode=0o750, parents=True, exist_ok=True)
        return self

    @property
    def database(self) -> Path:
        return self.path / "broadcaster.sqlite3"

    @property
    def set_on_pages(self) -> Path:
        """What the officials set on the pages, in place of the configuration."""
        return self.path / "station.toml"

    @property
    def glossary(self) -> Path:
        """How the station's own words and abbreviations are read."""
        return self.path / "glossary.txt"

    @property
    def secret_key(self) -> Path:
        """What the pages sign their cookies with."""
        return self.path / "secret.key"

    @property
    def library(self) -> Path:
        """Ingested sound."""
        return self.path / "library"

    @property
    def voices(self) -> Path:
        """Voices of Piper that somebody has put there."""
        return self.path / "voices"

    @property
    def air(self) -> Path:
        """What was on air, one file a broadcast."""
        return self.path / "air"

    @property
    def field(self) -> Path:
        """Simulation only: the diary and what each cluster sounded."""
        return self.path / "field"

    @property
    def run(self) -> Path:
        """Sockets, pid files, markers."""
        return self.path / "run"

    @property
    def log(self) -> Path:
        return self.path / "log"

    @property
    def control_socket(self) -> Path:
        return self.run / "control.sock"

    @property
    def live_socket(self) -> Path:
        """Where the pages hand over the sound of somebody who speaks live."""
        return self.run / "live.sock"
