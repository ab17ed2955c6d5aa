"""One sound stream of an untrusted file: its stated length, its frames, and whether it is all there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import BinaryIO

import av
import av.container
import av.error
import av.stream

from broadcaster.sound.wholeness import lacks_bytes

_TOLERATED_S = 0.15
"""A whole file may be short of its stated length by what encoders pad: at most a few frames."""
_TOLERATED_SHARE = 0.002
_LENGTH_FRAME = re.compile(rb"\xff[\xe0-\xff].{2,40}?(Xing|Info|VBRI)", re.DOTALL)


class Recording:
    """Reads the stream once, letting pass the few broken packets that even good recorders write."""

    def __init__(
        self, container: av.container.InputContainer, stream: av.AudioStream, *, has_length_frame: bool
    ) -> None:
        self._container = container
        self._stream = stream
        self._reached_s = 0.0
        self._decoded_s = 0.0
        self._last: av.Packet[av.AudioStream] | None = None
        self._stopped = False
        self._broken = 0
        self.whole = 0
        """Packets that could be decoded."""
        self._frame_by_frame = container.format.name in ("mp3", "aac")
        self.declared_s = self._declared() if has_length_frame or not self._frame_by_frame else None
        """The length that the file itself states, in seconds; ``None`` when it states none."""

    def frames(self) -> Iterator[av.AudioFrame]:
        """Yield what can be decoded, without time stamps: gaps and jumps of the file's own clock are closed."""
        try:
            for packet in self._container.demux(self._stream):
                if packet.size:
                    self._last = packet
                for frame in self._decoded(packet):
                    self._note(frame)
                    frame.pts = None
                    yield frame
        except (av.error.FFmpegError, OSError):
            self._stopped = True

    def is_damaged(self) -> bool:
        """Return, once all frames are read, whether some of the sound is missing."""
        if self._stopped or self._broken > max(3, self.whole // 50):
            return True
        if self._frame_by_frame and self._last is not None and lacks_bytes(bytes(self._last)):
            return True
        reached = max(self._reached_s, self._decoded_s)  # by the clock too: silence may have been left out
        declared = self.declared_s or 0.0
        exact = self._container.format.name == "flac"  # states its length in samples, and pads nothing
        tolerated = 1e-3 if exact else max(_TOLERATED_S, declared * _TOLERATED_SHARE)
        return reached < declared - tolerated

    def _decoded(self, packet: av.Packet[av.AudioStream]) -> list[av.AudioFrame]:
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            self._broken += 1
            return []
        self.whole += 1
        return frames

    def _note(self, frame: av.AudioFrame) -> None:
        seconds = frame.samples / frame.sample_rate
        self._decoded_s += seconds
        if frame.pts is not None and frame.time_base is not None:
            self._reached_s = max(self._reached_s, float(frame.pts * frame.time_base) + seconds)

    def _declared(self) -> float | None:
        stream, container = self._stream, self._container
        if stream.duration and stream.time_base:
            return _positive(stream.duration * stream.time_base)
        if written := re.fullmatch(r"(\d+):(\d+):(\d+\.\d+)", stream.metadata.get("DURATION", "")):
            hours, minutes, seconds = map(float, written.groups())
            return _positive(hours * 3600 + minutes * 60 + seconds)
        if len(container.streams) == 1 and container.duration:  # else it is the length of the longest stream
            return _positive(container.duration / av.time_base)
        return None


def is_cover(stream: av.VideoStream) -> bool:
    """Return whether the pictures are those of the record's sleeve, or of chapters, and no video."""
    if stream.disposition & av.stream.Disposition.attached_pic:
        return True
    still = stream.average_rate is None or stream.average_rate < 1
    return still and stream.codec.name in ("mjpeg", "png")


def has_length_frame(file: BinaryIO) -> bool:
    """Return whether an MP3 states its length in a Xing or VBRI frame; leaves the file at its start.

    What libav reports of an MP3 without one, or of ADTS, is a guess from the file's size.
    """
    head = file.read(10)
    tag = 0
    if head[:3] == b"ID3":  # ID3v2, 3.1: four times seven bits, and ten for the header itself
        tag = 10 + sum(byte << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    file.seek(tag)
    first = file.read(64)
    file.seek(0)
    return _LENGTH_FRAME.match(first) is not None


def _positive(seconds: float | Fraction) -> float | None:
    return float(seconds) if seconds > 0 else None
