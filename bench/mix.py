"""Mixing a bulletin with chimes and a music bed: time for a minute of sound, and peak memory."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from bench.process import Cost, cost
from bench.row import Row
from broadcaster.config.settings import AUDIO
from broadcaster.model.pcm import RATE
from broadcaster.sound import wav
from broadcaster.sound.mix import LEAD, Mix

_MINUTES = (5, 30)
_BED_MINUTES = 2
_SEED = """
import sys
import numpy as np
from pathlib import Path
from broadcaster.sound import wav
minute = np.random.default_rng(7).integers(-9000, 9000, 60 * 48000).astype("<i2").tobytes()
with wav.writer(Path(sys.argv[1])) as file:
    for _ in range(int(sys.argv[2])):
        file.writeframes(minute)
"""

Way = Callable[[Mix, Path], Cost]


def run() -> list[Row]:
    """Measure each length in this project's child process, with pydub as it comes, and with ffmpeg."""
    ways: dict[str, Way] = {"pydub, whole files": _with_pydub}
    rows: list[Row] = []
    if shutil.which("ffmpeg"):
        ways["ffmpeg program"] = _with_ffmpeg
    else:
        rows.append(Row("mix, ffmpeg program", None, None, "", "skipped: ffmpeg is not installed"))
    with tempfile.TemporaryDirectory(prefix="bench-mix-") as folder:
        for minutes in _MINUTES:
            rows += _compare(_sound(Path(folder), minutes), minutes, ways, Path(folder) / "mixed.wav")
    return rows


def _compare(mix: Mix, minutes: int, ways: dict[str, Way], target: Path) -> list[Row]:
    ours = _ours(mix, target)
    rows = []
    for name, way in ways.items():
        peer = way(mix, target)
        title = f"mix, {minutes} min with bed"
        rows.append(Row(title, ours.seconds / minutes, peer.seconds / minutes, "s per minute", name))
        rows.append(Row(title, ours.peak_mb, peer.peak_mb, "MiB peak", name))
    return rows


def _sound(folder: Path, minutes: int) -> Mix:
    bulletin, bed = folder / f"bulletin-{minutes}.wav", folder / "bed.wav"
    for path, length in ((bulletin, minutes), (bed, _BED_MINUTES)):
        subprocess.run([sys.executable, "-c", _SEED, str(path), str(length)], check=True)
    return Mix(AUDIO / "chime-open.wav", bulletin, AUDIO / "chime-close.wav", bed)


def _ours(mix: Mix, target: Path) -> Cost:
    job = json.dumps({**asdict(mix), "target": target}, default=str)
    return cost([sys.executable, "-m", "broadcaster.sound.render"], job)


def _with_pydub(mix: Mix, target: Path) -> Cost:
    parts = [str(part) for part in (mix.opening, mix.bulletin, mix.closing, mix.bed, mix.duck_db)]
    lead = str(1000 * LEAD // RATE)
    return cost([sys.executable, "-m", "bench.mix_with_pydub", *parts, lead, str(target)])


def _with_ffmpeg(mix: Mix, target: Path) -> Cost:
    """The same course in one filter graph: speech delayed into its place, bed ducked by time."""
    lead, speech = LEAD / RATE, wav.samples(mix.bulletin) / RATE
    level, end = 10 ** (-mix.duck_db / 20), lead + speech
    duck = f"volume='if(between(t,{lead},{end}),{level},1)':eval=frame"
    graph = (
        f"[1]adelay={round(lead * 1000)},apad=pad_dur={lead}[speech];"
        f"[3]{duck},atrim=duration={end + lead}[bed];"
        "[speech][bed]amix=duration=first:normalize=0[middle];[0][middle][2]concat=n=3:v=0:a=1"
    )
    inputs = [str(mix.opening), str(mix.bulletin), str(mix.closing)]
    command = ["ffmpeg", "-v", "error", "-y"]
    for path in inputs:
        command += ["-i", path]
    command += ["-stream_loop", "-1", "-i", str(mix.bed), "-filter_complex", graph]
    return cost([*command, "-c:a", "pcm_s16le", str(target)])
