from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from broadcaster.model.pcm import BLOCK
from broadcaster.playout.air import Air
from broadcaster.playout.recorder import AirRecorder
from tests.clock import HandClock


class Mouth:
    """An output that takes everything."""

    def play(self, _: bytes) -> bool:
        return True

    def stop(self) -> int:
        return 0

    def drain(self) -> int:
        return 0

    def wake(self) -> None: ...

    def close(self) -> None: ...


@pytest.mark.parametrize(("peak", "level"), [(32767, 0.0), (3277, -20.0), (0, -96.0)])
def test_the_level_is_that_of_the_last_half_second(peak: int, level: float, tmp_path: Path) -> None:
    recorder = AirRecorder(tmp_path, lambda _: None)
    air = Air(Mouth(), recorder, HandClock())
    assert air.level_dbfs() is None
    for height in [32767] + [peak] * 25:
        air.play(np.full(BLOCK, height, "<i2").tobytes())
    assert air.level_dbfs() == pytest.approx(level, abs=0.1)
    air.drain()
    assert air.level_dbfs() is None
    recorder.close()
