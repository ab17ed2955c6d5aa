"""A bulletin of thirty items, half an hour of stereo MP3 files over a ducked bed: this project, pydub, ffmpeg.

All bring it to a loudness below a peak. The ffmpeg program needs two passes for that, and a limiter at 192 kHz. pydub
lays each item over the bed, evens items out by their level, and has no true peak: its job is the easier one.
"""

from __future__ import annotations

import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np

from bench.process import Cost, cost
from bench.row import Row
from broadcaster.config.settings import AUDIO
from broadcaster.model.pcm import RATE
from broadcaster.sound import speaking, wav
from broadcaster.sound.goal import USUAL
from broadcaster.sound.mix import LEAD, Mix
from broadcaster.sound.voices import Voice

_MINUTES, _LONG = 30, 120
"""One item a minute."""
_TEXT = "Kính thưa bà con. Sáng mai, trạm y tế xã tổ chức tiêm phòng cho trẻ em. Xin mời bà con đưa các cháu đến. "
_BAND = "highpass=f=150,highpass=f=150,lowpass=f=7000,lowpass=f=7000"
_SPEECH = f"aresample=48000,{_BAND},speechnorm=e=6:r=0.0005,acompressor=threshold=0.2:ratio=2"
_LIMITER = "aresample=192000,alimiter=limit=-1.7dB:level=0,aresample=48000"
_ROUNDS = 3


def run() -> list[Row]:
    """Measure one job each way; medians of rounds that take turns."""
    if shutil.which("ffmpeg") is None:
        return [Row("bulletin of 30 min", None, None, "", "skipped: ffmpeg is not installed")]
    with tempfile.TemporaryDirectory(prefix="bench-mix-") as name:
        folder = Path(name)
        _make(folder, _MINUTES)
        ways: dict[str, Callable[[Path], Cost]] = {
            "ingest": _ingest,
            "render": _render,
            "pydub": _with_pydub,
            "ffmpeg": _with_ffmpeg,
        }
        tried: dict[str, list[Cost]] = {way: [] for way in ways}
        for _ in range(_ROUNDS):
            for way, measure in ways.items():
                tried[way].append(measure(folder))
        return [*_rows({way: _median(costs) for way, costs in tried.items()}), *_long_rows(folder)]


def _rows(found: dict[str, Cost]) -> list[Row]:
    render, both = found["render"], found["ingest"].seconds + found["render"].seconds
    job = f"{_MINUTES} items of a minute from MP3"
    return [
        Row(
            f"render, {job}",
            render.seconds,
            found["pydub"].seconds,
            "s",
            "plain pydub, evened out by level, no true peak",
        ),
        Row(f"render, {job}", render.seconds, found["ffmpeg"].seconds, "s", "ffmpeg's filter graph, two passes"),
        Row(f"ingest + render, {job}", both, found["ffmpeg"].seconds, "s", "ffmpeg's filter graph, two passes"),
        Row(f"ingest, {job}", found["ingest"].peak_mb, found["pydub"].peak_mb, "MiB peak", "plain pydub"),
        Row(f"render, {job}", render.peak_mb, found["pydub"].peak_mb, "MiB peak", "plain pydub"),
    ]


def _long_rows(folder: Path) -> list[Row]:
    rows = []
    for minutes in (5, _LONG):
        _make(folder, minutes)
        ingest, render = _ingest(folder, minutes), _render(folder, minutes)
        rows.append(Row(f"ingest, {minutes} min", ingest.peak_mb, None, "MiB peak", f"{ingest.seconds:.1f} s"))
        rows.append(Row(f"render, {minutes} min", render.peak_mb, None, "MiB peak", f"{render.seconds:.1f} s"))
    return rows


def _median(costs: list[Cost]) -> Cost:
    return Cost(statistics.median(one.seconds for one in costs), max(one.peak_mb for one in costs))


def _make(folder: Path, minutes: int) -> None:
    """Write the items, ``bed.mp3`` and the chimes."""
    spoken = np.frombuffer(speaking.speak_to_memory(_TEXT * 6, voice=Voice("vi", "vi")).sound, "<i2")
    times = np.arange(120 * RATE) / RATE
    music = np.zeros_like(times)
    for hertz in (233, 294, 466):
        music += np.sin(2 * np.pi * hertz * times) * (0.6 + 0.4 * np.sin(times * hertz / 90))
    for number in range(minutes):
        item = np.resize(np.roll(spoken, number * RATE) // (2 + number % 5), 60 * RATE)
        _encode(folder / f"item-{number:03}.mp3", item)
    _encode(folder / "bed.mp3", (music * 4000).astype("<i2"))
    for chime in ("chime-open", "chime-close"):
        pcm = b"".join(wav.windows(AUDIO / f"{chime}.wav", RATE))
        _encode(folder / f"{chime}.mp3", np.frombuffer(pcm, "<i2"))
    _decoded(folder / "bed.mp3")


def _items(folder: Path, minutes: int) -> list[Path]:
    return [folder / f"item-{number:03}.mp3" for number in range(minutes)]


def _encode(path: Path, sound: np.ndarray) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libmp3lame", rate=RATE)
        stream.layout = "stereo"
        stream.bit_rate = 128_000
        for start in range(0, len(sound), RATE):
            part = np.stack([sound[start : start + RATE]] * 2)
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(part), format="s16p", layout="stereo")
            frame.sample_rate = RATE
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _decoded(path: Path) -> Cost:
    files = [str(path), str(path.with_suffix(".wav"))]
    return cost([sys.executable, "-m", "broadcaster.sound.decode", *files, "7300", *USUAL.words])


def _ingest(folder: Path, minutes: int = _MINUTES) -> Cost:
    costs = [_decoded(item) for item in _items(folder, minutes)]
    return Cost(sum(one.seconds for one in costs), max(one.peak_mb for one in costs))


def _render(folder: Path, minutes: int = _MINUTES) -> Cost:
    parts = tuple(item.with_suffix(".wav") for item in _items(folder, minutes))
    mix = Mix(AUDIO / "chime-open.wav", parts, AUDIO / "chime-close.wav", folder / "bed.wav")
    job = json.dumps({**mix.as_json(), "target": str(folder / "ours.wav")})
    return cost([sys.executable, "-m", "broadcaster.sound.render"], job)


def _with_pydub(folder: Path) -> Cost:
    parts = [str(folder / f"{name}.mp3") for name in ("chime-open", "chime-close", "bed")]
    lead, target, items = str(1000 * LEAD // RATE), str(folder / "peer.wav"), map(str, _items(folder, _MINUTES))
    return cost([sys.executable, "-m", "bench.mix_with_pydub", *parts, "12", lead, target, *items])


def _with_ffmpeg(folder: Path) -> Cost:
    """One pass to measure, one to bring it to the loudness below the peak."""
    lead, speech = LEAD / RATE, 60.0 * _MINUTES
    command = ["ffmpeg", "-nostdin", "-y", "-nostats"]
    for path in (folder / "chime-open.mp3", folder / "chime-close.mp3", *_items(folder, _MINUTES)):
        command += ["-i", str(path)]
    command += ["-stream_loop", "-1", "-i", str(folder / "bed.mp3"), "-filter_complex"]
    measuring = [*command, _graph(lead, speech, "ebur128"), "-f", "null", "-"]
    said = subprocess.run(measuring, capture_output=True, text=True, check=True).stderr
    missing = USUAL.lufs - float(re.findall(r"I:\s+(\S+) LUFS", said)[-1])
    quiet = ["-v", "error"]
    first = cost([*measuring[:4], *quiet, *measuring[4:]])
    last = [_graph(lead, speech, f"volume={missing}dB,{_LIMITER}"), "-c:a", "pcm_s16le", str(folder / "peer.wav")]
    second = cost([*command[:4], *quiet, *command[4:], *last])
    return Cost(first.seconds + second.seconds, max(first.peak_mb, second.peak_mb))


def _graph(lead_s: float, speech_s: float, last: str) -> str:
    duck = f"volume='if(between(t,{lead_s},{lead_s + speech_s}),0.2512,1)':eval=frame"
    items = range(2, 2 + _MINUTES)
    return (
        "".join(f"[{number}]" for number in items)
        + f"concat=n={_MINUTES}:v=0:a=1,pan=mono|c0=.5*c0+.5*c1,{_SPEECH},adelay={round(lead_s * 1000)}[sp];"
        "[0]aresample=48000,pan=mono|c0=c0[c0];[1]aresample=48000,pan=mono|c0=c0[c2];"
        f"[{2 + _MINUTES}]aresample=48000,pan=mono|c0=c0,{duck},atrim=duration={speech_s + 2 * lead_s}[bed];"
        f"[sp][bed]amix=duration=longest:normalize=0[mid];[c0][mid][c2]concat=n=3:v=0:a=1,{last}"
    )
