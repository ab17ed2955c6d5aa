"""Order, proved from the simulator's own timestamps; and the foreign tone that nobody must hear."""

from __future__ import annotations

import random
import subprocess
import sys
import wave
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from broadcaster.control.client import ControlClient
from broadcaster.sound.library import Library
from tests.end_to_end.station import Station, samples, station, tone_share

FOREIGN_HZ = 440
STATIONS, EACH = 3, 9


def test_carrier_codes_sound_codes_carrier_in_randomised_broadcasts(tmp_path: Path) -> None:
    with ThreadPoolExecutor(STATIONS) as pool:
        for done in pool.map(lambda seed: _broadcasts(tmp_path / str(seed), seed), range(STATIONS)):
            assert done == EACH


def _broadcasts(folder: Path, seed: int) -> int:
    rng = random.Random(seed)
    bulletin = _beep(folder)
    chimes = {"opening_chime": str(bulletin), "closing_chime": str(bulletin)}
    with station(folder, sound=chimes) as running:
        asset = Library(running.home / "library").ingest(bulletin, title="beep", longest_s=60)
        daemon = ControlClient(running.home / "run" / "control.sock")
        for _ in range(EACH):
            seen = len(running.events())
            target = sorted(rng.sample(range(1, 11), rng.randint(1, 3)))
            broadcast = str(daemon.ask("announce", sound=asset.id, title="beep", clusters=target)["id"])
            assert running.await_state(broadcast)["state"] == "completed"
            running.wait(lambda: not running.carrier, 3, "carrier stayed up")
            _check_order(running.events()[seen:], target)
        for number in range(1, 11):
            for path in running.recordings(number):
                assert tone_share(samples(path), FOREIGN_HZ) < 0.05
    return EACH


def _check_order(entries: list[dict[str, object]], target: list[int]) -> None:
    whats = [entry["what"] for entry in entries]
    assert whats[:2] == ["relay", "carrier"]
    assert whats[-2:] == ["relay", "carrier"]
    assert entries[1]["on"] is True
    assert entries[-1]["on"] is False
    opened = [entry for entry in entries if entry["what"] == "cluster" and entry["open"]]
    closed = [entry for entry in entries if entry["what"] == "cluster" and not entry["open"]]
    assert sorted(int(str(entry["number"])) for entry in opened) == target
    assert sorted(int(str(entry["number"])) for entry in closed) == target
    times = [float(str(entry["time"])) for entry in entries]
    assert times == sorted(times)
    on, off = times[1], times[-1]
    first_code = next(float(str(e["time"])) for e in entries if e["what"] == "code")
    assert first_code - on > 0.2  # the lead-in
    last_open, first_close = float(str(opened[-1]["time"])), float(str(closed[0]["time"]))
    assert first_close - last_open > 0.5  # the sound
    assert off - first_close >= 0.1 - 0.06  # the tail, less the receivers' time to notice the end of a code


def _beep(folder: Path) -> Path:
    """Return a sound of a third of a second."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "beep.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48000)
        wave_form = np.sin(np.arange(16000) / 48000 * 2 * np.pi * 600) * 8000
        file.writeframes(wave_form.astype("<i2").tobytes())
    return path


def test_without_closing_codes_the_foreign_tone_would_be_heard(tmp_path: Path) -> None:
    """The guard removed on purpose: a station whose closing code no receiver knows."""
    with station(tmp_path) as running:
        running.end()
        deaf = running.config.read_text().replace("[encoder]", '[encoder]\nclose_all = "*555#"')
        simulator_config = running.config.with_name("simulator.toml")
        simulator_config.write_text(running.config.read_text())
        running.config.write_text(deaf)
        _await_tone_after_a_broadcast(running, simulator_config)


def _await_tone_after_a_broadcast(running: Station, simulator_config: Path) -> None:
    environment = {**running.variables, "CONFIG": str(simulator_config)}
    field = subprocess.Popen([sys.executable, "-m", "broadcaster", "simulate"], env=environment)
    daemon = None
    try:
        running.wait((running.home / "run" / "simulator.sock").exists, 10, "no simulator")
        daemon = subprocess.Popen([sys.executable, "-m", "broadcaster", "daemon"], env=running.variables)
        running.wait(lambda: running.answers, 10, "no daemon")
        broadcast = running.announce("--clusters", "4", file=_beep(running.home))
        running.await_state(broadcast)
        running.wait(lambda: tone_share(running.heard(4)[-24000:], FOREIGN_HZ) > 0.5, 10, "no foreign tone")
    finally:
        for process in (daemon, field):
            if process is not None:
                process.terminate()
                process.wait(15)
