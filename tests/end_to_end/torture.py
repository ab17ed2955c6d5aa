"""The stuck-carrier table: every state of a broadcast × every blow, on real processes, several stations side by side.

``python -m tests.end_to_end.torture --trials 1000 --stations 4`` prints the table and ends with 1 on any exception.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from broadcaster.control.client import ControlClient
from broadcaster.errors import BroadcasterError
from broadcaster.home import Home
from tests.end_to_end.blows import BLOWS, Blow, shifted_clock
from tests.end_to_end.station import Station, write_config
from tests.sound.sounds import tone, write

STATES = ("queued", "preparing", "keying", "opening", "on_air", "closing", "unkeying")
_ENDS = ("completed", "aborted", "failed", "missed", "refused")
_SOUND_S = 1.5
_BROADCAST_S = 7.0
"""Mixing, codes and sound of the short broadcast that is struck."""


@dataclass(frozen=True)
class Trial:
    """What was struck, how, and how it ended; ``wrong`` is empty when all went as safety rule 1 says."""

    state: str
    blow: str
    off_s: float
    wrong: str = ""


class Anvil:
    """A station that takes one blow after the other."""

    def __init__(self, folder: Path) -> None:
        self.station = Station(folder / "home", write_config(folder / "clusters.toml"))
        self.station.home.mkdir(parents=True)
        self.home = Home(self.station.home)
        self.folder = folder
        self.station.environment = shifted_clock(folder)
        self._ear = ControlClient(self.home.control_socket, within_s=2)
        self._tone = write(folder / "tone.wav", tone(int(_SOUND_S * 48_000), hertz=700))

    def start(self) -> None:
        """Hardware first, on true time; then the controller."""
        given, self.station.environment = self.station.environment, {}
        self.station.start_simulator()
        self.station.environment = given
        self.station.start()

    def strike(self, state: str, blow: Blow, rng: random.Random) -> Trial:
        """Announce, wait for the state, strike, watch the carrier, heal, and see everything come right."""
        ahead = int(state == "queued")
        for _ in range(ahead):
            self.station.announce("--clusters", "2", file=self._tone)
        broadcast = self.station.announce("--clusters", "1", file=self._tone)
        hit = self._await(broadcast, state, rng)
        struck = time.monotonic()
        undo = blow.strike(self)
        try:
            wrong, off_s = self._watch(blow, struck, (1 + ahead) * _BROADCAST_S)
        finally:
            undo()
        return Trial(hit, blow.name, off_s, wrong or self._come_right(broadcast))

    def status(self) -> dict[str, Any] | None:
        """Return what the daemon says, if it does."""
        try:
            return self._ear.ask("status")
        except BroadcasterError:
            return None

    def _await(self, broadcast: str, state: str, rng: random.Random) -> str:
        """Return the state in which the broadcast is when the wanted one has come, or been passed."""
        give_up = time.monotonic() + 15
        wire = self.home.run / "wire.log"
        read = wire.stat().st_size if wire.exists() else 0
        frame = {"keying": "01 05 00 00 FF 00", "unkeying": "01 05 00 00 00 00"}.get(state)
        while time.monotonic() < give_up:
            if frame is not None:
                with wire.open() as lines:
                    lines.seek(read)
                    if frame in lines.read():
                        return state
                time.sleep(0.001)
                continue
            now = self._where(broadcast)
            if now == state or (now in STATES and STATES.index(now) > STATES.index(state)) or now in _ENDS:
                time.sleep(rng.uniform(0, 0.3) if now == "on_air" else 0)
                return now
            time.sleep(0.002)
        return "never"

    def _where(self, broadcast: str) -> str:
        status = self.status() or {}
        for part in ("current", "last"):
            if (status.get(part) or {}).get("id") == broadcast:
                return str(status[part]["state"])
        return "queued" if status.get("current") or status.get("next") else "preparing"

    def _watch(self, blow: Blow, struck: float, sounds_s: float) -> tuple[str, float]:
        """Return what is wrong, if anything, and when the carrier was off for good, in seconds after the blow."""
        limit = struck + (blow.off_within_s or sounds_s + 6)
        calm = struck + 0.3
        off_at: float | None = None
        while (now := time.monotonic()) < limit:
            if self.station.carrier:
                off_at = None
            elif off_at is None:
                off_at = now
            if off_at is not None and now > calm and now - off_at > 0.3 and (blow.ends_it or self._is_idle()):
                return "", off_at - struck
            time.sleep(0.01)
        if blow.kills_the_wire and self._alarmed():
            return "", -1.0
        return (f"the carrier was up {limit - struck:.1f} s after it" if self.station.carrier else ""), limit - struck

    def _is_idle(self) -> bool:
        status = self.status()
        return status is not None and status["current"] is None

    def _alarmed(self) -> bool:
        give_up = time.monotonic() + 5
        while time.monotonic() < give_up:
            faults = (self.status() or {}).get("faults", [])
            if any(fault["kind"] == "unkey" and fault["latched"] for fault in faults):
                return True
            time.sleep(0.1)
        return False

    def _come_right(self, broadcast: str) -> str:
        """Healed and acknowledged: no carrier, no open cluster, a row that says how it ended. Returns what is not."""
        if (
            self.station.pid("supervisor") is None
            or self.station.process is None
            or self.station.process.poll() is not None
        ):
            self.station.start(40)
        give_up = time.monotonic() + 40
        left = ""
        while time.monotonic() < give_up:
            with suppress(BroadcasterError):
                self._ear.ask("acknowledge", clock=True)
            left = self._left(broadcast)
            if not left:
                return ""
            time.sleep(0.2)
        return left

    def _left(self, broadcast: str) -> str:
        status = self.status()
        if status is None:
            return "the daemon does not answer"
        if self.station.carrier:
            return "the carrier is up"
        if self.station.open_clusters:
            return "clusters are open"
        if status["current"] is not None:
            return "something still sounds"
        row = self.station.row(broadcast)
        if row.get("state") not in _ENDS:
            return f"its row says {row.get('state')}"
        if row["state"] != "completed" and not row["reason"]:
            return f"its row says {row['state']} and no reason"
        return "" if not any(fault["latched"] for fault in status["faults"]) else "a fault stays latched"


def jobs(count: int, seed: int) -> list[tuple[str, Blow]]:
    """Return so many pairs: the whole table again and again, shuffled."""
    rng = random.Random(seed)
    table = [(state, blow) for state in STATES for blow in BLOWS]
    rounds = itertools.chain.from_iterable(rng.sample(table, len(table)) for _ in itertools.count())
    return list(itertools.islice(rounds, count))


def run(folder: Path, count: int, stations: int, seed: int, told: Callable[[Trial], None]) -> list[Trial]:
    """Do so many trials on so many stations side by side."""
    work = jobs(count, seed)
    with ThreadPoolExecutor(stations) as pool:
        done = pool.map(
            lambda place: _serve(folder / str(place), work[place::stations], seed + place, told), range(stations)
        )
        return [trial for part in done for trial in part]


def table(trials: Sequence[Trial]) -> str:
    """Return the table: trials and exceptions for each state and blow, the longest time to carrier off.

    ``latched``: the wire was dead, so that only an alarm could be given; counted, and no exception.
    """
    counts = Counter((trial.state, trial.blow) for trial in trials)
    wrong = Counter((trial.state, trial.blow) for trial in trials if trial.wrong)
    names = [blow.name for blow in BLOWS]
    states = [*STATES, *sorted({trial.state for trial in trials} - set(STATES))]
    lines = [" " * 12 + "".join(f"{name:>17}" for name in names)]
    for state in states:
        cells = (f"{counts[state, name]} ({wrong[state, name]})" for name in names)
        lines.append(f"{state:12}" + "".join(f"{cell:>17}" for cell in cells))
    worst = (max((t.off_s for t in trials if t.blow == name), default=0.0) for name in names)  # -1: latched
    lines.append(f"{'longest, s':12}" + "".join(f"{value:>17.2f}" for value in worst))
    alarmed = Counter(trial.blow for trial in trials if trial.off_s < 0 and not trial.wrong)
    lines.append(f"{'latched':12}" + "".join(f"{alarmed[name]:>17}" for name in names))
    lines.append(f"{len(trials)} trials, {sum(wrong.values())} exceptions (in brackets)")
    return "\n".join(lines)


def _serve(folder: Path, work: list[tuple[str, Blow]], seed: int, told: Callable[[Trial], None]) -> list[Trial]:
    rng = random.Random(seed)
    trials = []
    with _anvil(folder) as anvil:
        for state, blow in work:
            try:
                trial = anvil.strike(state, blow, rng)
            except Exception as error:  # noqa: BLE001 - whatever it is, it counts as an exception of the table
                trial = Trial(state, blow.name, 0.0, f"{type(error).__name__}: {error}"[:2000])
            told(trial)
            trials.append(trial)
    return trials


@contextmanager
def _anvil(folder: Path) -> Iterator[Anvil]:
    folder.mkdir(parents=True)
    anvil = Anvil(folder)
    try:
        anvil.start()
        yield anvil
    finally:
        anvil.station.end()


def main() -> int:
    """Run the table and print it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--stations", type=int, default=4)
    parser.add_argument("--seed", type=int, default=4)
    options = parser.parse_args()

    def told(trial: Trial) -> None:
        sys.stderr.write(f"{trial.wrong}\n" if trial.wrong else ".")
        sys.stderr.flush()

    with tempfile.TemporaryDirectory() as folder:
        trials = run(Path(folder), options.trials, options.stations, options.seed, told)
    sys.stdout.write(f"\n{table(trials)}\n")
    for trial in trials:
        if trial.wrong:
            sys.stdout.write(f"{json.dumps(trial.__dict__)}\n")
    return 1 if any(trial.wrong for trial in trials) else 0


if __name__ == "__main__":
    os.setpgrp()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main())
