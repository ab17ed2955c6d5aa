"""How long after the request the first siren sample is in the air, over a bulletin that sounds everywhere."""

from __future__ import annotations

import contextlib
import random
import tempfile
import time
import wave
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bench.row import Row
from broadcaster.config.settings import AUDIO
from broadcaster.control.client import ControlClient
from broadcaster.errors import RefusedError
from broadcaster.sound.library import Library
from tests.end_to_end.station import Station, samples, station

_TRIALS = 100
_PIECE = 9600
_LONGEST_S = 0.5


def run() -> list[Row]:
    """Measure; there is no peer that could be measured beside it."""
    with tempfile.TemporaryDirectory(prefix="bench-emergency-") as folder:
        transmitter = {"lead_in_s": 0.1, "tail_s": 0.0, "time_out_s": 400}
        with station(Path(folder), transmitter=transmitter) as running:
            late = sorted(_trials(running))
    note = f"{len(late)} trials, max {late[-1]:.1f}"
    return [
        Row("emergency, median", float(np.median(late)), None, "ms", note),
        Row("emergency, p99", float(np.quantile(late, 0.99)), None, "ms", "first siren sample after the request"),
    ]


def _trials(running: Station) -> list[float]:
    client = ControlClient(running.home / "run" / "control.sock")
    asset = Library(running.home / "library").ingest(noise(running.home), title="bench", longest_s=60)
    siren = samples(AUDIO / "siren.wav")[:_PIECE]
    found, rng = [], random.Random(1)
    for _ in range(_TRIALS):
        broadcast = str(client.ask("announce", sound=asset.id, title="bench", all=True)["id"])
        running.await_state(broadcast, "on_air", within_s=20)
        time.sleep(rng.uniform(0, 1))
        asked = time.time()
        client.ask("emergency start", message="")
        time.sleep(_LONGEST_S + 0.4)
        found.append((heard_at(running.recordings(1)[-1], siren, asked, _LONGEST_S) - asked) * 1000)
        _stop(running, client)
    return found


def _stop(running: Station, client: ControlClient) -> None:
    with contextlib.suppress(RefusedError):
        client.ask("emergency stop")
    running.wait(lambda: not running.carrier, 10, "the carrier stuck")


def heard_at(recording: Path, wanted: np.ndarray, since: float, within_s: float) -> float:
    """Return the Unix second, near ``since``, at which a receiver heard ``wanted`` begin.

    The file's name gives that of its first sample.
    """
    start = datetime.strptime(recording.stem, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC).timestamp()
    with wave.open(str(recording)) as file:
        sound = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768
    first = max(0, int((since - start) * 48_000))
    sound = sound[first : first + int(within_s * 48_000)]
    likeness = np.correlate(sound, wanted[:4800], "valid")
    return start + (first + int(np.argmax(likeness))) / 48_000


def noise(folder: Path) -> Path:
    """Return a minute of quiet noise: nothing in it is like a siren."""
    path = folder / "noise.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(np.random.default_rng(3).integers(-1500, 1500, 30 * 48_000).astype("<i2").tobytes())
    return path
