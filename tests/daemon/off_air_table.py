"""Five hundred broadcasts over a simulated way off the air: ``make off-air`` prints what the monitor says of them.

``python -m tests.daemon.off_air_table [COUNT]``; status 1 when fewer than 99 in 100 are right.
"""

from __future__ import annotations

import collections
import logging
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from broadcaster.model.pcm import RATE
from tests.daemon.listener import Room, air, broadcast, last, sent_of
from tests.sound.off_air.channel import Path as Way
from tests.sound.off_air.programmes import Sound, framed, programme

SNR_DB = (0, 10, 20, 30, 40)
CASES = {"right programme": "heard", "other programme": "not_heard", "silence": "not_heard", "no carrier": "not_heard"}
_WORDS = ("heard", "doubtful", "not_heard", "no_monitor")


def carried(case: str, number: int, sent: Sound) -> Sound | None:
    """Return what the carrier brings instead of what is sent; ``None``: there is no carrier."""
    match case:
        case "right programme":
            return sent
        case "other programme":
            return np.roll(programme(number + 7), 2 * RATE)
        case "silence":
            return np.zeros(len(sent))
    return None


def trial(folder: Path, number: int, case: str, snr_db: float) -> tuple[str, float | None]:
    """Return the verdict on one broadcast, and how soon it was said not to be heard."""
    room = Room(folder)
    sent, _, _ = sent_of(framed(number))
    air(room, broadcast(number), sent, carried(case, number, sent), Way.chosen(snr_db, number))
    return last(room), room.alarm_s


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def table(count: int) -> tuple[int, int, list[float]]:
    """Print a line for each case and noise; return how many were right, of how many, and the alarms of no carrier."""
    each = max(1, count // (len(SNR_DB) * len(CASES)))
    right, number, alarms = 0, 0, list[float]()
    _say(f"{'':16} {'SNR':>6} " + " ".join(f"{word:>10}" for word in _WORDS) + "   alarm after")
    with tempfile.TemporaryDirectory() as place:
        for case, wanted in CASES.items():
            for snr_db in SNR_DB:
                said: collections.Counter[str] = collections.Counter()
                after = []
                for _ in range(each):
                    verdict, alarm_s = trial(Path(place), number, case, snr_db)
                    said[verdict] += 1
                    number += 1
                    after += [] if alarm_s is None else [alarm_s]
                right += said[wanted]
                alarms += after if case == "no carrier" else []
                latest = f"{max(after):.1f} s at the latest" if after else "–"
                _say(f"{case:16} {snr_db:>3} dB " + " ".join(f"{said[word]:>10}" for word in _WORDS) + f"   {latest}")
    return right, number, alarms


if __name__ == "__main__":
    logging.disable(logging.ERROR)  # the bus writes down every fault
    began = time.monotonic()
    good, total, soon = table(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
    _say(
        f"right: {good} of {total} ({good / total:.1%}); a missing carrier told after {max(soon):.1f} s at the latest;"
    )
    _say(f"{time.monotonic() - began:.0f} s")
    sys.exit(good < 0.99 * total or max(soon) > 10)
