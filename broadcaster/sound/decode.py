"""Decodes an untrusted file into canonical PCM. Runs in a limited child: ``python -m broadcaster.sound.decode``.

Arguments: source, target, longest length in seconds. Prints JSON: ``duration_s``, ``loudness_lufs``, ``peak_dbfs``.
"""

from __future__ import annotations

import json
import os
import stat
import sys
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import av
import av.error
import numpy as np

from broadcaster.model.pcm import RATE, SAMPLE_BYTES
from broadcaster.sound.child import refuse
from broadcaster.sound.loudness import Loudness
from broadcaster.words import Sentence

_FORMATS = "mp3,aac,wav,w64,aiff,ogg,flac,mov,mp4,m4a,matroska,webm"
_LARGEST = 2 << 30
_WINDOW = RATE
_DAMAGED = Sentence("This sound file is damaged or cut short: copy it again, or export it anew.")
_NO_SOUND = Sentence("This is not a sound file: give an MP3, M4A, WAV, OGG, FLAC or WebM.")


def main(source: str, target: str, longest_s: float) -> None:
    """Decode ``source`` to ``target``, or refuse with a sentence."""
    with _opened(source) as file:
        head = file.read(65536)
        file.seek(0)
        try:
            print(json.dumps(_decode(file, head, Path(target), longest_s)))  # noqa: T201 - the answer
        except (av.error.FFmpegError, ValueError, IndexError, EOFError):
            refuse(_NO_SOUND)
        except MemoryError:
            refuse(Sentence("This file claims to be far too large: it is damaged or no sound."))


def _opened(source: str) -> BinaryIO:
    """Open a regular file, and nothing that could block or never end."""
    try:
        handle = os.open(source, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except FileNotFoundError:
        refuse(Sentence("There is no file {name}.", name=Path(source).name))
    except (OSError, ValueError) as error:
        refuse(Sentence("The file cannot be read: {why}", why=getattr(error, "strerror", None) or str(error)))
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode):
        refuse(Sentence("This is no ordinary file: give a sound file."))
    if about.st_size == 0:
        refuse(Sentence("This file is empty: copy it again."))
    if about.st_size > _LARGEST:
        refuse(Sentence("This file is larger than 2 GB: give a shorter one."))
    return os.fdopen(handle, "rb")


def _decode(file: BinaryIO, head: bytes, target: Path, longest_s: float) -> dict[str, object]:
    # only these demuxers may even look at it: a playlist would open other files and addresses
    options = {"format_whitelist": _FORMATS, "protocol_whitelist": "none"}
    with av.open(file, "r", options=options) as container:
        if any(not _is_cover(stream) for stream in container.streams.video):
            refuse(Sentence("This is a video: export its sound alone, and give that."))
        if not container.streams.audio:
            refuse(_NO_SOUND)
        declared = _declared_s(container, head)
        if declared is not None and declared > longest_s + 1:
            refuse(_too_long(longest_s))
        loudness = Loudness()
        samples = _write(container, target, longest_s, loudness)
    if samples == 0:
        refuse(Sentence("This file holds no sound."))
    seconds = samples / RATE
    if declared is not None and seconds < declared - max(0.5, declared * 0.02):
        refuse(_DAMAGED)
    return {"duration_s": seconds, "loudness_lufs": loudness.integrated(), "peak_dbfs": loudness.peak_dbfs()}


def _is_cover(stream: av.VideoStream) -> bool:
    """A picture of the record's sleeve is no video."""
    return bool(stream.disposition & av.stream.Disposition.attached_pic) or stream.codec.name in (
        "mjpeg",
        "png",
    )


def _declared_s(container: av.container.InputContainer, head: bytes) -> float | None:
    """Return the length that the file itself states; what libav merely guesses from its size is no statement."""
    name = container.format.name
    if name == "aac" or (name == "mp3" and not any(mark in head for mark in (b"Xing", b"Info", b"VBRI"))):
        return None
    duration = container.duration
    return duration / av.time_base if duration and duration > 0 else None


def _write(container: av.container.InputContainer, target: Path, longest_s: float, loudness: Loudness) -> int:
    written = 0
    with wave.open(str(target), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(SAMPLE_BYTES)
        file.setframerate(RATE)
        for pcm in _windows(container):
            written += len(pcm)
            if written > longest_s * RATE:
                refuse(_too_long(longest_s))
            loudness.add(pcm)
            file.writeframesraw(pcm.tobytes())
    return written


def _windows(container: av.container.InputContainer) -> Iterator[np.ndarray]:
    """Yield the first sound stream as s16 mono, about a second at a time."""
    resampler = av.AudioResampler("s16", "mono", RATE)
    waiting: list[np.ndarray] = []
    length = 0
    for frame in _frames(container):
        for part in resampler.resample(frame):
            waiting.append(part.to_ndarray().reshape(-1))
            length += part.samples
        if length >= _WINDOW:
            yield np.concatenate(waiting)
            waiting, length = [], 0
    waiting += [part.to_ndarray().reshape(-1) for part in resampler.resample(None)]
    if waiting:
        yield np.concatenate(waiting)


def _frames(container: av.container.InputContainer) -> Iterator[av.AudioFrame]:
    """Decode, letting pass the few broken packets that even good recorders write."""
    broken = whole = 0
    stream = container.streams.audio[0]
    try:
        for packet in container.demux(stream):
            try:
                frames = packet.decode()
                whole += 1
            except av.error.InvalidDataError:
                frames, broken = [], broken + 1
            for frame in frames:
                frame.pts = None  # gaps and jumps of the file's own clock are of no interest
                yield frame
    except av.error.FFmpegError:
        refuse(_DAMAGED if whole else _NO_SOUND)
    if broken > max(3, whole // 50):
        refuse(_DAMAGED if whole > broken else _NO_SOUND)


def _too_long(longest_s: float) -> Sentence:
    return Sentence("This sound is too long: at most {minutes} minutes.", minutes=round(longest_s / 60))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
