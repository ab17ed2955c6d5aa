"""What a process of its own costs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

# A process inherits the peak memory of the one that forks it: this small one stands between.
_LAUNCHER = """
import json, resource, subprocess, sys, time
began = time.monotonic()
subprocess.run(sys.argv[1:], stdin=sys.stdin, stdout=subprocess.DEVNULL, check=True)
seconds = time.monotonic() - began
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps({"seconds": seconds, "peak_mb": peak / 1024}))
"""


@dataclass(frozen=True)
class Cost:
    """Elapsed seconds and peak resident memory in MiB."""

    seconds: float
    peak_mb: float


def cost(command: Sequence[str], stdin: str = "") -> Cost:
    """Run a command to its end. Raises ``CalledProcessError`` when it fails."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", _LAUNCHER, *command],
        input=stdin,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Cost(**json.loads(done.stdout))
