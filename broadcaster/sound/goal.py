"""What every prepared sound must meet: loudness and true peak."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a child that decodes starts in half the time without it
    from broadcaster.config.settings import SoundSettings


@dataclass(frozen=True)
class Target:
    """Loudness in LUFS (ITU-R BS.1770), true peak in dBTP."""

    lufs: float = -16.0
    peak_dbtp: float = -1.5
    most_gain_db: float = 50.0

    @property
    def words(self) -> list[str]:
        """As arguments of a child process."""
        return [str(self.lufs), str(self.peak_dbtp)]

    @classmethod
    def of(cls, settings: SoundSettings) -> Target:
        """Return what the configuration asks for."""
        return cls(settings.loudness_lufs, settings.true_peak_dbtp)


USUAL = Target()
