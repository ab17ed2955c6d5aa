"""A whole station in real processes, on a simulated field, for the tests that wait for real time."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from broadcaster.control.client import ControlClient
from broadcaster.errors import BroadcasterError

DATA = Path(__file__).parents[1] / "data"
BULLETIN = DATA / "bulletin.mp3"
_HAMLETS = ["Đông", "Tây", "Nam", "Bắc", "Thượng", "Hạ", "Trung", "Đoài", "Sơn", "Giang"]

QUICK: dict[str, dict[str, Any]] = {
    "transmitter": {"lead_in_s": 0.2, "tail_s": 0.1, "time_out_s": 400},
    "encoder": {"kind": "dtmf", "repeats": 1, "tone_ms": 50, "gap_ms": 50},
    "rules": {"quiet_from": "00:00", "quiet_until": "00:00", "longest_broadcast_min": 5},
    "emergency": {"repeat_gap_s": 0.5},
    "recordings": {"reserve_mb": 1},
}
"""Sections of a configuration that wastes no time and has no quiet hours."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_config(path: Path, **changes: dict[str, Any]) -> Path:
    """Write a configuration of ten clusters; ``changes`` are merged into its sections."""
    sections: dict[str, dict[str, Any]] = {"station": {"name": "Đài thử nghiệm"}, **QUICK}
    for name, values in changes.items():
        another_kind = "kind" in values and values["kind"] != sections.get(name, {}).get("kind")
        sections[name] = values if another_kind else {**sections.get(name, {}), **values}
    lines = []
    for name, values in sections.items():
        lines += [
            f"[{name}]",
            *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()),
        ]
    for group, code in (("bac", "91"), ("nam", "92")):
        lines += ["[[group]]", f'name = "{group}"', f'code = "{code}"']
    for number, hamlet in enumerate(_HAMLETS, 1):
        lines += ["[[cluster]]", f"number = {number}", f'name = "Thôn {hamlet}"', f'code = "{number:02}"']
        lines.append(f'groups = ["{"bac" if number <= 4 else "nam"}"]')
        lines.append(f"position = [{number * 37 % 100}, {number * 61 % 100}]")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@dataclass
class Station:
    """Started by :func:`station`; everything it writes lies under ``home``."""

    home: Path
    config: Path
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    simulator: subprocess.Popen[bytes] | None = None
    port: int = field(default_factory=free_port)

    def start(self, within_s: float = 20.0, *, full_disk: bool = False) -> None:
        """Start everything; return when the daemon answers.

        With ``full_disk`` no file may grow for any process but the simulator, which is hardware.
        """
        if full_disk:
            self.start_simulator()
        log = (self.home / "run.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "broadcaster", "run"],
            env=self.variables,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=_no_file_may_grow if full_disk else None,
        )
        log.close()
        self.wait(lambda: self.healthy, within_s, "the station did not start")

    def start_simulator(self) -> None:
        """Start the simulated station by itself."""
        log = (self.home / "run.log").open("ab")
        self.simulator = subprocess.Popen(
            [sys.executable, "-m", "broadcaster", "simulate"],
            env=self.variables,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        log.close()
        self.wait((self.home / "run" / "simulator.sock").exists, 10, "no simulator")

    @property
    def healthy(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, (self.home / "run.log").read_text()
        return self.answers

    @property
    def answers(self) -> bool:
        """Whether the daemon answers, whoever started it."""
        try:
            return bool(self.status())
        except BroadcasterError:
            return False

    def end(self) -> None:
        """End everything in order; never leave a process behind."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(25)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for name in ("supervisor", "daemon", "web", "simulator"):
            self.kill(name)
        if self.simulator is not None:
            self.simulator.wait()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one command of the product, in English."""
        return subprocess.run(
            [sys.executable, "-m", "broadcaster", *arguments],
            env=self.variables,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def announce(self, *arguments: str, file: Path = BULLETIN) -> str:
        """Announce a file; return the broadcast's id."""
        done = self.run("announce", "--json", "--file", str(file), *arguments)
        assert done.returncode == 0, done.stderr
        return str(json.loads(done.stdout)["id"])

    def status(self) -> dict[str, Any]:
        """Return what ``status --json`` prints, without a process each time."""
        return ControlClient(self.home / "run" / "control.sock").ask("status")

    def pid(self, name: str) -> int | None:
        try:
            return int((self.home / "run" / f"{name}.pid").read_text())
        except (OSError, ValueError):
            return None

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        if (pid := self.pid(name)) is not None:
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
                if b"broadcaster" in command or b"gunicorn" in command:
                    os.kill(pid, number)
            except (ProcessLookupError, FileNotFoundError):
                pass

    def events(self, what: str | None = None) -> list[dict[str, Any]]:
        """Return the field's diary."""
        try:
            lines = (self.home / "field" / "events.jsonl").read_text().splitlines()
        except FileNotFoundError:
            return []
        entries = [json.loads(line) for line in lines]
        return [entry for entry in entries if what in (None, entry["what"])]

    @property
    def carrier(self) -> bool:
        entries = self.events("carrier")
        return bool(entries and entries[-1]["on"])

    @property
    def open_clusters(self) -> set[int]:
        state = {entry["number"]: entry["open"] for entry in self.events("cluster")}
        return {number for number, is_open in state.items() if is_open}

    def row(self, broadcast_id: str) -> dict[str, Any]:
        """Return a row of the log book, read straight from the file."""
        with sqlite3.connect(f"file:{self.home / 'broadcaster.sqlite3'}?mode=ro", uri=True) as database:
            database.row_factory = sqlite3.Row
            row = database.execute("SELECT * FROM broadcasts WHERE id = ?", (broadcast_id,)).fetchone()
        database.close()
        return dict(row) if row else {}

    def latest(self, state: str) -> dict[str, Any] | None:
        """Return the newest row in this state."""
        with sqlite3.connect(f"file:{self.home / 'broadcaster.sqlite3'}?mode=ro", uri=True) as database:
            database.row_factory = sqlite3.Row
            query = "SELECT * FROM broadcasts WHERE state = ? ORDER BY id DESC"
            row = database.execute(query, (state,)).fetchone()
        database.close()
        return dict(row) if row else None

    @property
    def printed_password(self) -> str:
        """The one-time password that the first start printed."""
        found: list[str] = []

        def printed() -> bool:
            found[:] = re.findall(r"One-time password: (\S+)", (self.home / "run.log").read_text())
            return bool(found)

        self.wait(printed, 10, "no password was printed")
        return found[0]

    def await_state(self, broadcast_id: str, *states: str, within_s: float = 60.0) -> dict[str, Any]:
        """Return the row once it is in one of ``states`` (by default any end)."""
        wanted = states or ("completed", "aborted", "failed", "missed", "refused")
        self.wait(lambda: self.row(broadcast_id).get("state") in wanted, within_s, f"no {wanted}")
        return self.row(broadcast_id)

    def wait(self, condition: Callable[[], bool], within_s: float, complaint: str) -> None:
        give_up = time.monotonic() + within_s
        while not condition():
            assert time.monotonic() < give_up, f"{complaint}\n{self.row_dump()}"
            time.sleep(0.02)

    def row_dump(self) -> str:
        """Return the ends of the logs, for a failed test."""
        parts = []
        for path in sorted((self.home / "log").glob("*.log")):
            parts.append(f"--- {path.name}\n" + "\n".join(path.read_text().splitlines()[-15:]))
        return "\n".join(parts)

    def recordings(self, cluster: int) -> list[Path]:
        return sorted((self.home / "field" / f"cluster-{cluster:02}").glob("*.wav"))

    def heard(self, cluster: int) -> np.ndarray:
        """Return all that a cluster sounded, one opening after the other."""
        parts = [samples(path) for path in self.recordings(cluster)]
        return np.concatenate(parts) if parts else np.zeros(0)

    def air(self, broadcast_id: str) -> Path:
        return self.home / "air" / f"{broadcast_id}.wav"

    def ingested(self) -> np.ndarray:
        """Return the only sound in the library."""
        (path,) = (self.home / "library").glob("*.wav")
        return samples(path)

    @property
    def variables(self) -> dict[str, str]:
        return {
            **os.environ,
            "BROADCASTER_HOME": str(self.home),
            "CONFIG": str(self.config),
            "PORT": str(self.port),
            "BROADCASTER_LANGUAGE": "en",
            **self.environment,
        }


def _no_file_may_grow() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


@contextmanager
def station(folder: Path, **changes: dict[str, Any]) -> Iterator[Station]:
    """Yield a running station; end it afterwards."""
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    one = Station(home, write_config(folder / "clusters.toml", **changes))
    try:
        one.start()
        yield one
    finally:
        one.end()


def samples(path: Path) -> np.ndarray:
    """Return a canonical WAV as floats from -1 to 1."""
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768.0


def correlation(part: np.ndarray, whole: np.ndarray) -> float:
    """Return the highest normalised cross-correlation of ``part`` anywhere in ``whole`` (0 to 1)."""
    if len(part) == 0 or len(whole) < len(part):
        return 0.0
    size = 1 << (len(whole) + len(part)).bit_length()
    product = np.fft.irfft(np.fft.rfft(whole, size) * np.conj(np.fft.rfft(part, size)), size)
    product = product[: len(whole) - len(part) + 1]
    energy = np.concatenate([[0.0], np.cumsum(whole**2)])
    window = energy[len(part) :] - energy[: len(energy) - len(part)]
    return float(np.max(product / np.sqrt(np.maximum(window * np.sum(part**2), 1e-12))))


def tone_share(sound: np.ndarray, hertz: float) -> float:
    """Return the share of the energy of ``sound`` that lies within 5 Hz of ``hertz``."""
    if len(sound) < 4800:
        return 0.0
    spectrum = np.abs(np.fft.rfft(sound)) ** 2
    frequencies = np.fft.rfftfreq(len(sound), 1 / 48000)
    return float(spectrum[np.abs(frequencies - hertz) < 5].sum() / max(spectrum.sum(), 1e-12))
