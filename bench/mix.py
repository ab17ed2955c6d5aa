"""A bulletin of half an hour from MP3 files, to the same loudness and true peak: this project, pydub, ffmpeg.

The bulletin is speech over a ducked bed between two chimes. The ffmpeg program needs two passes for the loudness and a
limiter at 192 kHz for the true peak; pydub as it comes only adds up, and meets neither.
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
    job = f"{_MINUTES} min from MP3"
    return [
        Row(f"render, {job}", render.seconds, found["pydub"].seconds, "s", "plain pydub, no loudness, no limiter"),
        Row(f"render, {job}", render.seconds, found["ffmpeg"].seconds, "s", "ffmpeg's filter graph, two passes"),
        Row(f"ingest + render, {job}", both, found["ffmpeg"].seconds, "s", "ffmpeg's filter graph, two passes"),
        Row(f"ingest, {job}", found["ingest"].peak_mb, found["pydub"].peak_mb, "MiB peak", "plain pydub"),
        Row(f"render, {job}", render.peak_mb, found["pydub"].peak_mb, "MiB peak", "plain pydub"),
    ]


def _long_rows(folder: Path) -> list[Row]:
    rows = []
    for minutes in (5, _LONG):
        _make(folder, minutes)
        ingest, render = _ingest(folder), _render(folder)
        rows.append(Row(f"ingest, {minutes} min", ingest.peak_mb, None, "MiB peak", f"{ingest.seconds:.1f} s"))
        rows.append(Row(f"render, {minutes} min", render.peak_mb, None, "MiB peak", f"{render.seconds:.1f} s"))
    return rows


def _median(costs: list[Cost]) -> Cost:
    return Cost(statistics.median(one.seconds for one in costs), max(one.peak_mb for one in costs))


def _make(folder: Path, minutes: int) -> None:
    """Write ``speech.mp3``, ``bed.mp3`` and the chimes."""
    spoken = np.frombuffer(speaking.speak_to_memory(_TEXT * 6, voice=Voice("vi", "vi")).sound, "<i2")
    times = np.arange(120 * RATE) / RATE
    music = np.zeros_like(times)
    for hertz in (233, 294, 466):
        music += np.sin(2 * np.pi * hertz * times) * (0.6 + 0.4 * np.sin(times * hertz / 90))
    _encode(folder / "speech.mp3", np.resize(spoken // 4, minutes * 60 * RATE))
    _encode(folder / "bed.mp3", (music * 4000).astype("<i2"))
    for chime in ("chime-open", "chime-close"):
        pcm = b"".join(wav.windows(AUDIO / f"{chime}.wav", RATE))
        _encode(folder / f"{chime}.mp3", np.frombuffer(pcm, "<i2"))
    _ingest(folder, "bed")


def _encode(path: Path, sound: np.ndarray) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libmp3lame", rate=RATE)
        stream.layout = "mono"
        stream.bit_rate = 96_000
        for start in range(0, len(sound), RATE):
            part = np.ascontiguousarray(sound[start : start + RATE]).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(part, format="s16", layout="mono")
            frame.sample_rate = RATE
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _ingest(folder: Path, name: str = "speech") -> Cost:
    files = [str(folder / f"{name}.mp3"), str(folder / f"{name}.wav")]
    return cost([sys.executable, "-m", "broadcaster.sound.decode", *files, "7300", *USUAL.words])


def _render(folder: Path) -> Cost:
    mix = Mix(AUDIO / "chime-open.wav", (folder / "speech.wav",), AUDIO / "chime-close.wav", folder / "bed.wav")
    job = json.dumps({**mix.as_json(), "target": str(folder / "ours.wav")})
    return cost([sys.executable, "-m", "broadcaster.sound.render"], job)


def _with_pydub(folder: Path) -> Cost:
    parts = [str(folder / f"{name}.mp3") for name in ("chime-open", "speech", "chime-close", "bed")]
    lead = str(1000 * LEAD // RATE)
    return cost([sys.executable, "-m", "bench.mix_with_pydub", *parts, "12", lead, str(folder / "peer.wav")])


def _with_ffmpeg(folder: Path) -> Cost:
    """One pass to measure, one to bring it to the loudness below the peak."""
    lead, speech = LEAD / RATE, wav.samples(folder / "speech.wav") / RATE
    command = ["ffmpeg", "-nostdin", "-y", "-nostats"]
    for name in ("chime-open", "speech", "chime-close"):
        command += ["-i", str(folder / f"{name}.mp3")]
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
    return (
        f"[0]aresample=48000[c0];[1]{_SPEECH},adelay={round(lead_s * 1000)}[sp];[2]aresample=48000[c2];"
        f"[3]aresample=48000,{duck},atrim=duration={speech_s + 2 * lead_s}[bed];"
        f"[sp][bed]amix=duration=longest:normalize=0[mid];[c0][mid][c2]concat=n=3:v=0:a=1,{last}"
    )
