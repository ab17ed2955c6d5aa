"""Small media files for tests, encoded on the spot."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from broadcaster.model.pcm import RATE
from broadcaster.sound import wav

BULLETIN = Path(__file__).parents[1] / "data" / "bulletin.mp3"
CODECS = {
    "mp3": "libmp3lame",
    "m4a": "aac",
    "aac": "aac",
    "wav": "pcm_s16le",
    "ogg": "libopus",
    "flac": "flac",
    "webm": "libopus",
}
"""What a recorder or telephone would put into a file of that name."""


def encoded(
    path: Path,
    codec: str = "",
    *,
    seconds: float = 2.0,
    rate: int = RATE,
    layout: str = "mono",
    hertz: tuple[float, ...] = (440.0,),
    video: str = "",
    options: dict[str, str] | None = None,
) -> Path:
    """Write a file with one sound stream for each of ``hertz``, after a picture stream if ``video`` names a codec."""
    with av.open(str(path), "w", options=options or {}) as container:
        film = container.add_stream(video, rate=10) if video else None
        streams = [container.add_stream(codec or CODECS[path.suffix[1:]], rate=rate) for _ in hertz]
        for stream in streams:
            assert isinstance(stream, av.AudioStream)
            stream.layout = layout
        if film is not None:
            assert isinstance(film, av.VideoStream)
            _shoot(container, film)
        for stream, pitch in zip(streams, hertz, strict=True):
            assert isinstance(stream, av.AudioStream)
            for frame in _tone(pitch, seconds, rate, layout):
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    return path


def pitch_of(path: Path) -> float:
    """Return the strongest frequency of a canonical WAV file, to within one hertz."""
    pcm = b"".join(wav.windows(path, RATE))
    samples = np.frombuffer(pcm, "<i2").astype(np.float64)
    spectrum = np.abs(np.fft.rfft(samples[:RATE], RATE))
    return float(np.argmax(spectrum))


def _tone(hertz: float, seconds: float, rate: int, layout: str) -> list[av.AudioFrame]:
    wave = (0.25 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)).astype(np.float32)
    channels = av.AudioLayout(layout).nb_channels
    frames = []
    for start in range(0, len(wave), 4800):
        interleaved: NDArray[np.float32] = np.repeat(wave[start : start + 4800], channels).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(interleaved, format="flt", layout=layout)
        frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
        frames.append(frame)
    return frames


def _shoot(container: av.container.OutputContainer, stream: av.VideoStream) -> None:
    stream.width, stream.height = 64, 48
    stream.pix_fmt = "yuvj420p" if stream.codec_context.name == "mjpeg" else "yuv420p"
    for number in range(10):
        picture = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
        picture.pts, picture.time_base = number, Fraction(1, 10)
        container.mux(stream.encode(picture))
    container.mux(stream.encode(None))
