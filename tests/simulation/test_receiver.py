from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from broadcaster.simulation.receiver import Receiver
from tests.simulation.sounds import chunks, noise

CHUNKS = chunks(noise(2000))


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    one = Receiver(tmp_path / "receiver.sock")
    yield one
    one.close()


def heard(receiver: Receiver, *, carrier: bool) -> tuple[float, float]:
    """Return how loud it is, and how like what was sent."""
    sent = np.frombuffer(b"".join(CHUNKS), "<i2") / 32768
    got = np.frombuffer(b"".join(receiver.sound(chunk, carrier) for chunk in CHUNKS), "<i2") / 32768
    level = float(np.sqrt(np.mean(got**2)))
    return level, float(np.dot(sent, got) / (np.linalg.norm(sent) * np.linalg.norm(got) + 1e-9))


@pytest.mark.parametrize(
    ("fault", "carrier", "level", "likeness"),
    [
        ("", True, (0.01, 1), (0.99, 1)),
        ("", False, (0.1, 0.2), (-0.1, 0.1)),
        ("weak", True, (0.1, 1), (0.2, 0.98)),
        ("dead", True, (0, 0), (0, 0)),
        ("foreign", True, (0.01, 1), (0.99, 1)),
        ("foreign", False, (0.01, 0.3), (-0.1, 0.1)),
    ],
)
def test_what_it_makes_of_what_is_sent(
    fault: str, carrier: bool, level: tuple[float, float], likeness: tuple[float, float], receiver: Receiver
) -> None:
    receiver.faults = frozenset([fault]) - {""}
    loud, alike = heard(receiver, carrier=carrier)
    assert level[0] <= loud <= level[1]
    assert likeness[0] <= alike <= likeness[1]
