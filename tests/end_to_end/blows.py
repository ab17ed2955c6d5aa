"""What a station is struck with: each returns what heals it again."""

from __future__ import annotations

import resource
import shutil
import signal
import sqlite3
import struct
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from broadcaster.simulation import client

if TYPE_CHECKING:
    from tests.end_to_end.torture import Anvil

_SHIFTED_CLOCK = Path(__file__).with_name("shifted_clock.c")
HAS_COMPILER = shutil.which("gcc") is not None
Heal = Callable[[], None]


@dataclass(frozen=True)
class Blow:
    """``off_within_s``: safety rule 1's time for it, ``None``: the broadcast may end by itself.

    ``ends_it``: nothing more is sounded of what is struck. ``kills_the_wire``: where the carrier cannot be dropped
    any more, a latched alarm counts.
    """

    name: str
    strike: Callable[[Anvil], Heal]
    off_within_s: float | None = None
    ends_it: bool = False
    kills_the_wire: bool = False


def shifted_clock(folder: Path) -> dict[str, str]:
    """Return the environment in which processes have a wall clock that can be turned; none without a compiler."""
    if not HAS_COMPILER:
        return {}
    library = folder / "shifted_clock.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", str(library), str(_SHIFTED_CLOCK), "-ldl"], check=True)
    turn_clock(folder, 0)
    return {"LD_PRELOAD": str(library), "SHIFTED_CLOCK": str(folder / "clock")}


def turn_clock(folder: Path, seconds: float) -> None:
    """Set the wall clock of everything started in :func:`shifted_clock` so many seconds off."""
    with (folder / "clock").open("r+b" if (folder / "clock").exists() else "wb") as clock:
        clock.write(struct.pack("d", seconds))


def _signal(name: str, number: int, anvil: Anvil) -> Heal:
    anvil.station.kill(name, number)
    return _nothing


def _fault(fault: str, anvil: Anvil) -> Heal:
    client.ask(anvil.home, {"do": "faults", "faults": [fault]})
    return lambda: _heal(anvil)


def _heal(anvil: Anvil) -> None:
    client.ask(anvil.home, {"do": "faults", "faults": []})


def _full_disk(anvil: Anvil) -> Heal:
    """No file of the daemon's may grow."""
    pid = anvil.station.pid("daemon")
    if pid is None:
        return _nothing
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[1]))

    def heal() -> None:
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, before)

    return heal


def _locked_database(anvil: Anvil) -> Heal:
    database = sqlite3.connect(anvil.home.database, timeout=5, isolation_level=None, check_same_thread=False)
    database.execute("BEGIN EXCLUSIVE")

    def heal() -> None:
        database.execute("ROLLBACK")
        database.close()

    return heal


def _clock(seconds: float, anvil: Anvil) -> Heal:
    turn_clock(anvil.folder, seconds)
    return partial(turn_clock, anvil.folder, 0)


def _nothing() -> None:
    """It heals by itself."""


def _blows() -> list[Blow]:
    known: list[Any] = [
        Blow("kill daemon", partial(_signal, "daemon", signal.SIGKILL), 2.0, ends_it=True),
        Blow("stop daemon", partial(_signal, "daemon", signal.SIGSTOP), 3.0, ends_it=True),
        Blow("kill supervisor", partial(_signal, "supervisor", signal.SIGKILL), 6.0, ends_it=True),
        Blow("unplug", partial(_fault, "unplugged"), kills_the_wire=True),
        Blow("board lies", partial(_fault, "lying"), kills_the_wire=True),
        Blow("no sound card", partial(_fault, "sound:gone")),
        Blow("disk full", _full_disk),
        Blow("database locked", _locked_database),
    ]
    if HAS_COMPILER:
        known += [Blow("clock +1 h", partial(_clock, 3600)), Blow("clock -1 h", partial(_clock, -3600))]
    return known


BLOWS = _blows()
